"""STIX bundles, 2.1 and 2.0, as a container with artifacts whose fields other apps can act on."""
