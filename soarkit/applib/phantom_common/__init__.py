"""Names of the platform that SOAR apps import. The code behind them is in ``soarkit_app``."""
