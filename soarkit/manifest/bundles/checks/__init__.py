"""Rules M1 to M20 about the metadata of enrichment bundles (reference, section 4.2; M17 to M20 are soarkit's own)."""
