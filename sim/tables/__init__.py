"""Tables as a paper prints them, macros for its numbers, and its references."""
