"""Pages of the reference that are read off the program: commands, the scenario file, the figures."""
