"""Enrichment bundles as they describe themselves: metadata.json, entity types, and the app that is made of it."""
