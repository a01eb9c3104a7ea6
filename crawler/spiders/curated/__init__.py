"""Acts that no register states, entered by analysts."""
