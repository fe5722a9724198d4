"""Figures: a finished table and axes in, axes out; no statistics, and no disk but in ``style``."""
