"""What people touch: command line, release, digest."""
