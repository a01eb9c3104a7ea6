"""Version of the program, as every run records it."""

from importlib.metadata import PackageNotFoundError, version

try:
    SOFTWARE = version("unsilenced")
except PackageNotFoundError:  # run from a checkout that was not installed
    SOFTWARE = "0"
