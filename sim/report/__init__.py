"""What a run leaves on disk and on the terminal, put together from tables and figures."""
