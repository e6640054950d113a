"""Not the connector library."""
