"""Tests of the project: one folder a room, saved pages, and the table of faults in `chaos`."""
