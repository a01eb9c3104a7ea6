"""One folder a family; NAME.py and NAME.toml side by side."""
