"""Calibration of the evidence methods: simulated surveys of known truth, and how often intervals hold it."""
