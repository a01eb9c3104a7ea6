"""A bundled archive of three fictional weeks, served on loopback in the sources' own forms.

The institutions and the forms are real; every person, medium, case and address is invented.
"""
