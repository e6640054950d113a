"""Patterns of the STIX patterning language, and observables, for the indicator types of a threat library.

Source: sections 4.3 and 4.4 of the export reference.
"""

from .result import NoPattern, Pattern
from .table import KNOWN_TYPES, is_secret, pattern_for

__all__ = ["KNOWN_TYPES", "NoPattern", "Pattern", "is_secret", "pattern_for"]
