"""What would change a decision: a file for each question, each from draws to a table."""
