"""Spiders of the family `designations`."""
