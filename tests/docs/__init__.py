"""The documentation tested: every block run, nothing left out, built without a warning."""
