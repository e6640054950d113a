"""Enrichment bundles for people: what their scripts give, as text, pages, charts and graphs."""
