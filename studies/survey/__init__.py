"""From the source file of a survey to the files that are shipped."""
