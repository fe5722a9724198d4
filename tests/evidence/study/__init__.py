"""Tests of the coverage study."""
