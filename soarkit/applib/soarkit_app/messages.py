"""Message texts: how apps' formats, values and exceptions become what a person reads (connector API 2.3 and 2.7)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping, Tuple


def text_of(value: object) -> str:
    """``str(value)``, for anything: None is empty, bytes are decoded, an object that cannot say is its class name."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    try:
        return str(value)
    except Exception:
        return f"<{type(value).__name__}>"


def format_message(message: object, args: Tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """Run a message through ``str.format``, also without arguments, and take it as it came where that fails.

    Always, because apps double every brace of a server's text before they hand it over; and as it came, because
    others hand over raw JSON or a message that was formatted before.
    """
    text = text_of(message)
    try:
        return text.format(*args, **kwargs)
    except Exception:  # IndexError, KeyError, ValueError; or whatever an argument's own __format__ raises
        return text


def exception_text(exception: object) -> str:
    """What an exception, or whatever an app passes in its place, says; its class name when it says nothing."""
    return text_of(exception) or type(exception).__name__


def status_message(message: object, exception: object, args: Tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """The message of ``set_status``: the formatted text, followed by the exception's text when there is one."""
    text = format_message(message, args, kwargs)
    if not is_given(exception):
        return text
    return f"{text} {exception_text(exception)}" if text else exception_text(exception)


def is_given(exception: object) -> bool:
    """Whether ``set_status``'s third argument is an exception, and not one of the placeholders None and ""."""
    try:
        return bool(exception)
    except Exception:  # an object whose truth value is an error is an object nevertheless
        return True


def summary_message(summary: Mapping[Any, Any]) -> str:
    """The message of a successful result that has none: ``{"total_ips": 30}`` → ``Total ips: 30``."""
    return ", ".join(
        f"{text_of(key).replace('_', ' ').capitalize()}: {'None' if value is None else text_of(value)}"
        for key, value in summary.items()
    )


def with_article(name: str) -> str:
    """``ActionResult`` → ``an ActionResult``: a class in a sentence."""
    return f"{'an' if name[:1] in tuple('AEIOUaeiou') else 'a'} {name}"


def named(names: Any) -> str:
    """``['a', 'b']`` → ``'a', 'b'``: names in a sentence."""
    return ", ".join(f"'{name}'" for name in names)
