"""Other priors from the draws of a run: importance weights, and how far a prior must move."""
