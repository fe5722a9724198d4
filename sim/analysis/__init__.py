"""What is made of a run: what drives it, what turns it, other priors, other scenarios, a grid of them."""
