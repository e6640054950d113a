"""Running the transforms of enrichment bundles on one observable, one after the other or at the same time."""
