"""Scenarios side by side: differences with paired Monte Carlo errors, and what each edit does."""
