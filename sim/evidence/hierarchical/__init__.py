"""Bayesian models of the survey, fitted by PyMC: the only package that imports it, and only when used."""
