"""External credential managers, one a module, each with ``get_credential``."""
