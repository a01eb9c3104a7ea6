"""Tests of what fetches, decodes and reads pages."""
