"""Index settings of pip, said to uv, which reads none of them.

People and build machines set their package index once, for pip (pip.conf, ``PIP_INDEX_URL``); an environment must come
out the same whichever installer fills it. What is set for uv itself (``UV_*``) stays and wins.
"""

from __future__ import annotations

import configparser
import os
import sys

# pip's option → uv's variable
_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "timeout": "UV_HTTP_TIMEOUT",
    "constraint": "UV_CONSTRAINT",
    "no-cache-dir": "UV_NO_CACHE",
}
_OPTIONS = {*_VARIABLES, "no-index"}  # uv has no variable for the last one
_SEPARATORS = {"UV_FIND_LINKS": ","}  # the others that take several are separated by spaces, as pip's are
_PATHS = {"find-links", "constraint", "cert", "client-cert"}
_SWITCHES = {"no-cache-dir"}
_TRUE = {"1", "true", "yes", "on", "t", "y"}


def for_uv(environment: dict[str, str]) -> dict[str, str]:
    """The variables to start uv with, pip's index settings among them.

    :param environment: the variables to start from; where PIP_* and the place of pip's configuration files come from
    """
    # pip takes the best version of all indexes; uv of the first that has the package, unless told.
    mapped = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for option, value in pip_settings(environment).items():
        variable = _VARIABLES.get(option)
        if variable is None:
            continue
        if option in _SWITCHES:
            if _is_on(value):
                mapped[variable] = "1"
        elif value.split():
            words = [
                os.path.abspath(word) if option in _PATHS and "://" not in word else word for word in value.split()
            ]
            mapped[variable] = _SEPARATORS.get(variable, " ").join(words)
    if environment.get("PIP_PROXY"):
        mapped["ALL_PROXY"] = environment["PIP_PROXY"]
    return {**mapped, **environment}


def switched_off(environment: dict[str, str]) -> bool:
    """Whether pip is told to use no index, only folders of wheels (``no-index``)."""
    return _is_on(pip_settings(environment).get("no-index", ""))


def _is_on(value: str) -> bool:
    return value.strip().lower() in _TRUE


def pip_settings(environment: dict[str, str]) -> dict[str, str]:
    """pip's index settings: its configuration files, the more important ones winning, then environment variables."""
    settings: dict[str, str] = {}
    for path in _files(environment):
        parser = configparser.RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip itself refuses such a file with a clear message; uv can do without
        for section in ("global", "install"):
            if parser.has_section(section):
                for option, value in parser.items(section):
                    if option.replace("_", "-") in _OPTIONS:
                        settings[option.replace("_", "-")] = value
    for option in _OPTIONS:
        variable = environment.get("PIP_" + option.replace("-", "_").upper())
        if variable:
            settings[option] = variable
    return settings


def _files(environment: dict[str, str]) -> list[str]:
    """pip's configuration files, least important first (pip's documentation, "Location")."""
    named = environment.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    user = environment.get("HOME") or os.path.expanduser("~")
    configuration = environment.get("XDG_CONFIG_HOME") or os.path.join(user, ".config")
    system = environment.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    paths = [os.path.join(folder, "pip", "pip.conf") for folder in reversed(system.split(os.pathsep))]
    paths += ["/etc/pip.conf"]
    if sys.platform == "darwin":
        paths += ["/Library/Application Support/pip/pip.conf"]
        paths += [os.path.join(user, "Library", "Application Support", "pip", "pip.conf")]
    paths += [os.path.join(user, ".pip", "pip.conf"), os.path.join(configuration, "pip", "pip.conf")]
    paths += [os.path.join(sys.prefix, "pip.conf")]
    return [*paths, named] if named else paths
