"""Locking, vendoring and checking an app's dependencies."""
