"""Names of the platform that the SOAR SDK imports."""
