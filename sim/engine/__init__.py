"""From a scenario to results: :mod:`sim.engine.recipe` is the run, the other modules its steps."""
