"""From a scenario to results: :mod:`sim.engine.simulate` is the run, the other modules its steps."""
