"""Spiders of the family `announcements`: what a state says of its own acts."""
