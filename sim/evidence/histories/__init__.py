"""The survey taken from git histories: repositories, their commits, and what falls into which period."""
