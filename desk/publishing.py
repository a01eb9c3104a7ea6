"""Commands that give data away: publish, digest."""
