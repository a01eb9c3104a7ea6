"""Spiders of the family `rulings`."""
