"""Patterns checked with the standard's own grammar, on demand: it takes some 0.4 ms for each."""

from functools import lru_cache

from ..errors import ExportError


@lru_cache(maxsize=4096)
def complaint(pattern: str) -> str:
    """What the package `stix2-patterns` says against a pattern of STIX 2.1; "" when nothing.

    Raises ExportError when the package is not installed: what was not checked is not to pass as checked.
    """
    try:
        from stix2patterns.validator import run_validator  # type: ignore[import-untyped]  # 0.2 s, and rarely needed
    except ImportError as error:
        raise ExportError(f"check=true needs the package stix2-patterns ({error}); leave check out") from None
    if not pattern.strip():
        return "the pattern is empty"  # the checker itself fails on this
    return "; ".join(str(error) for error in run_validator(pattern, "2.1"))
