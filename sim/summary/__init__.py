"""Statistics of draws, each with its Monte Carlo error."""
