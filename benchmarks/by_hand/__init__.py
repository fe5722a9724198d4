"""What ``sim run priors/default.toml`` does, written by hand with NumPy, SciPy, pandas and matplotlib."""
