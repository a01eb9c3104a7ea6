"""Observations become records: look up, normalise, validate, protect people, stage."""
