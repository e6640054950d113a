"""The client that webhook handlers are given."""

from soarkit_app.platform_records import SoarRestClient

__all__ = ["SoarRestClient"]
