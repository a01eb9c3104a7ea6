"""Adversarial tests and the tools that lie to the code under test."""
