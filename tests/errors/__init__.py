"""Printed Monte Carlo errors held against the spread over seeds: docs/errors.md."""
