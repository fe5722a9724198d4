"""Other priors from the draws of a run: importance weights, and how far a prior must move."""

MIN_EFFECTIVE = 400
"""Fewest effective draws from which a number is given."""
