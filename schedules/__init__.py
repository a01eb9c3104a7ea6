"""When runs happen and who watches them."""
