"""What enrichment transforms found, as text for a terminal."""
