"""The only import promised to the outside: open a release, ask it typed questions."""
