"""The platform's REST API, over the store."""
