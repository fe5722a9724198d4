"""What drives an outcome: a file for each method, each from draws to a table."""
