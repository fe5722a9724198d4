"""Monte Carlo uncertainty simulator for the benefit-cost ratio of open-source ML software."""

__version__ = "0.1.0"
