"""What ``import sim`` gives: scenarios run, compared, split, decided on, swept and drawn, from Python.

A scenario is a path (of a TOML file), the name of one that comes with the program, a dict as such a file
holds it, or a :class:`~sim.scenario.schema.Scenario` that has been loaded. A text is always a path or a name,
never TOML. Where a run is wanted, a folder that ``sim run`` wrote is opened, and a scenario is run.
"""
