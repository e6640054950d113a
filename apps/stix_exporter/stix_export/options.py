"""What the user may choose for an export, read from an action's parameters and the asset's configuration."""

import ipaddress
import math
import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Tuple

from .errors import ExportError
from .tlp import NAMES as TLP_NAMES
from .tlp import tlp_rank

PROFILES = ("full", "guide")
STYLES = ("related-to", "suggested")

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


@dataclass(frozen=True)
class Options:
    """Everything that decides what an export holds.

    Fields: `depth`, relationship levels to follow, 1 to 3; `hide_sources`, leave the original sources out;
    `profile`, "full" or "guide" (only what the vendor guide's sample shows); `style`, "related-to" or "suggested"
    (the standard's verb where the pair has one); `convert_events`, export related events as incidents; `hostname`,
    host for links back (as `parse_hostname` gives it) or None; `producer`, name of the producer identity;
    `sighted_by`, name of who sees what is sighted, "" for the producer;
    `tlp_version`, 1 or 2; `max_tlp`, skip objects with a stricter label ("clear", "green", "amber", "amber+strict",
    "red") or None; `include_attributes`, put attributes into the extension; `confidence`, derive it from the score;
    `check`, parse every pattern that was written. Source: stix-export reference, sections 1, 2, 4.1 and 7.
    """

    depth: int = 1
    hide_sources: bool = False
    profile: str = "full"
    style: str = "related-to"
    convert_events: bool = False
    hostname: Optional[str] = None
    producer: str = "soarkit"
    sighted_by: str = ""
    tlp_version: int = 1
    max_tlp: Optional[str] = None
    include_attributes: bool = True
    confidence: bool = True
    check: bool = False

    @property
    def variant(self) -> str:
        """The id space of these options: "" for the defaults, else the options that change what an object says.

        Two exports that give one object different content must not give it one id (reference, section 7, Versions).
        Hiding sources takes the attributes out by itself, so leaving them out too changes nothing more.
        """
        parts = []
        if self.hide_sources:
            parts.append("redacted")
        if self.profile != "full":
            parts.append(self.profile)
        if self.style != "related-to":
            parts.append(self.style)
        if self.tlp_version != 1:
            parts.append(f"tlp{self.tlp_version}")
        if not self.include_attributes and not self.hide_sources:
            parts.append("no-attributes")
        if not self.confidence:
            parts.append("no-confidence")
        return "+".join(parts)

    @classmethod
    def read(cls, parameters: Mapping[str, Any], configuration: Mapping[str, Any]) -> "Options":
        """Options from an action's parameters and the asset's configuration; what is not given has its default.

        Parameters: relationship_depth, hide_original_sources, profile, relationship_style, check. Configuration:
        convert_events_to_incidents, hostname, producer_name, sighted_by, tlp_version, max_tlp, include_attributes,
        confidence.
        Raises ExportError, with the name of the value that is wrong and what it may be; nothing is bent to fit.
        """
        tlp_version = _choice(configuration, "tlp_version", ("1", "2"), "1")
        max_tlp = _text(configuration, "max_tlp", "")
        rank = tlp_rank(max_tlp) if max_tlp else None
        if max_tlp and not rank:
            raise ExportError(f"max_tlp is {max_tlp!r}: it may be {', '.join(TLP_NAMES[1:])}, or empty for no limit")
        return cls(
            depth=parse_depth(parameters.get("relationship_depth")),
            hide_sources=_switch(parameters, "hide_original_sources", False),
            profile=_choice(parameters, "profile", PROFILES, "full"),
            style=_choice(parameters, "relationship_style", STYLES, "related-to"),
            convert_events=_switch(configuration, "convert_events_to_incidents", False),
            hostname=parse_hostname(configuration.get("hostname")),
            producer=_text(configuration, "producer_name", "soarkit"),
            sighted_by=_text(configuration, "sighted_by", ""),
            tlp_version=int(tlp_version),
            max_tlp=TLP_NAMES[rank] if rank else None,
            include_attributes=_switch(configuration, "include_attributes", True),
            confidence=_switch(configuration, "confidence", True),
            check=_switch(parameters, "check", False),
        )


def parse_depth(value: Any) -> int:
    """How many relationship levels to follow, 1 when nothing is given. Raises ExportError for all but 1, 2 and 3."""
    if value is None or value == "":
        return 1
    depth = 0
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        depth = int(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        depth = value
    elif isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,4}\s*", value):
        depth = int(value)
    if not 1 <= depth <= 3:
        raise ExportError(f"relationship_depth is {_shown(value)}: it must be 1, 2 or 3")
    return depth


def parse_hostname(value: Any) -> Optional[str]:
    """The host for links back to the platform, as it stands in a URL: "host", "host:port", "[v6]", or None.

    Accepts a host name, host:port, IPv4 and IPv6 addresses, and https:// with any path (which is dropped). Raises
    ExportError for http:// and other schemes, blanks, a user name, and what is not a host. Source: reference,
    section 2, Hostname.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise ExportError(f"hostname is {_shown(value)}: give a host name or an IP address")
    text = value.strip()
    if not text:
        return None
    scheme = _SCHEME.match(text)
    if scheme:
        if scheme.group(1).lower() != "https":
            raise ExportError(f"hostname is {_shown(value)}: links are made with https, give the host alone")
        text = text[scheme.end() :]
    text = re.split(r"[/?#]", text, maxsplit=1)[0]
    if "@" in text:
        # What stands before the @ may be a password: the message must not repeat it.
        raise ExportError("hostname holds a user name or password: give the host alone")
    host, port = _host_and_port(text)
    if host is None:
        raise ExportError(
            f"hostname is {_shown(value)}: give a host name or an IP address, for example threatq.example.com"
        )
    return host + port


def _host_and_port(text: str) -> Tuple[Optional[str], str]:
    """The host as a URL writes it (None when it is none), and ":port" or ""."""
    try:
        return f"[{ipaddress.IPv6Address(text).compressed}]", ""
    except ValueError:
        pass
    host, port = text, ""
    found = re.fullmatch(r"(.*):([0-9]{1,5})", text, re.DOTALL)
    if found:
        host, port = found.group(1), ":" + str(int(found.group(2)))
        if not 0 < int(found.group(2)) < 65536:
            return None, ""
    try:
        if host.startswith("[") and host.endswith("]"):
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]", port
        if re.fullmatch(r"[0-9.]+", host):
            return str(ipaddress.IPv4Address(host)), port
        plain = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # the errors of text encodings are among these
        return None, ""
    plain = plain.lower().rstrip(".")
    if not plain or len(plain) > 253 or not all(_LABEL.fullmatch(label) for label in plain.split(".")):
        return None, ""
    return plain, port


def _shown(value: Any) -> str:
    """A value as a message shows it: short, and on one line."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _switch(values: Mapping[str, Any], name: str, default: bool) -> bool:
    value = values.get(name)
    if value is None or value == "":
        return default
    if isinstance(value, bool):
        return value
    text = value.strip().lower() if isinstance(value, str) else value
    if text in ("true", "1", "yes", "on", 1):
        return True
    if text in ("false", "0", "no", "off", 0):
        return False
    raise ExportError(f"{name} is {_shown(value)}: it must be true or false")


def _choice(values: Mapping[str, Any], name: str, allowed: Tuple[str, ...], default: str) -> str:
    value = values.get(name)
    if value is None or value == "":
        return default
    text = str(value).strip().lower()
    if isinstance(value, bool) or text not in allowed:
        raise ExportError(f"{name} is {_shown(value)}: it must be {' or '.join(allowed)}")
    return text


def _text(values: Mapping[str, Any], name: str, default: str) -> str:
    value = values.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise ExportError(f"{name} is {_shown(value)}: it must be text")
    text = value.strip()
    if not text.isprintable():
        raise ExportError(f"{name} is {_shown(value)}: it must be one line without control characters")
    return text or default
