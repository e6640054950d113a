"""Custom views are drawn with Django's templates, of the app's folder and of the platform (connector API 8.3)."""

from soarkit_views.engine import draw

__all__ = ["draw"]
