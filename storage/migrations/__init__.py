"""Changes of the schema, one file a step, shipped inside the package."""
