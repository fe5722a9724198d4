"""Tests of scenarios with years."""
