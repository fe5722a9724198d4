"""The engine makes results of a scenario: :mod:`sim.engine.simulate` is the run, the others its steps."""
