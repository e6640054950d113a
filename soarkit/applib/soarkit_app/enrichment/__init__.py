"""What scripts of enrichment bundles import, and how such a script runs under soarkit.

Written from the public Enrichments SDK Guide and the contract drawn from it alone (enrichment reference, sections 1 and
2). The modules that scripts name, ``AnomaliEnrichment`` and ``AnomaliTransform`` and their lower-case spellings, hold
names only; this package holds the code. It is imported on every run of a bundle, so imports in it are counted.
"""
