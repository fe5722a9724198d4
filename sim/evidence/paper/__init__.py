"""What Langenkamp and Yue (2022) print, and what becomes of it in other readings."""
