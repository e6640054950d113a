"""Threat objects and their relations as STIX 2.1; the app's connector is beside this package."""
