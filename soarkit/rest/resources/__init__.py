"""What is served, by subject."""
