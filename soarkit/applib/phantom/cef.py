"""What is known of each CEF field."""

from soarkit_app.cef import CEF_JSON, CEF_NAME_MAPPING

__all__ = ["CEF_JSON", "CEF_NAME_MAPPING"]
