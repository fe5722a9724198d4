"""Monte Carlo uncertainty simulator for benefit-cost ratios."""

__version__ = "0.1.0"
