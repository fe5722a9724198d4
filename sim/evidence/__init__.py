"""The survey: from its source files to contributions, periods, and what they say."""
