"""The switches of a reading, as the command line and a scenario name them."""

from typing import Literal

Lines = Literal["corrected", "published", "capped"]
Duplicates = Literal["listed", "merged"]
Weeks = Literal["as-dated", "weekly-bins"]
Bots = Literal["kept", "dropped"]
