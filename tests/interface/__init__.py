"""``import sim`` as a user of Python meets it."""
