"""Spiders of trusted lists: persons whom rights groups hold to be persecuted."""
