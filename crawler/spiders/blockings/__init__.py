"""Spiders of the family `blockings`."""
