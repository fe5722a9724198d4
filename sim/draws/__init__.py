"""Draws keyed by name: uniforms, copula, parameters."""
