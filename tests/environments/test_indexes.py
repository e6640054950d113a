"""uv is told what pip is configured with."""

from __future__ import annotations

from pathlib import Path

import pytest

from soarkit.environments.indexes import for_uv, pip_settings, switched_off


@pytest.fixture
def base(tmp_path: Path) -> dict[str, str]:
    """Variables of a user without any settings; the machine's own files are out of the way."""
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "none"), "PIP_CONFIG_FILE": "/dev/null"}


def configured(base: dict[str, str], tmp_path: Path, text: str) -> dict[str, str]:
    (tmp_path / "pip.conf").write_text(text)
    return {**base, "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}


def test_nothing_set(base: dict[str, str]) -> None:
    assert for_uv(base) == {**base, "UV_INDEX_STRATEGY": "unsafe-best-match"}
    assert not switched_off(base)


def test_variables(base: dict[str, str]) -> None:
    mapped = for_uv(
        {
            **base,
            "PIP_INDEX_URL": "https://one/simple",
            "PIP_EXTRA_INDEX_URL": "https://two/simple https://three/simple",
            "PIP_FIND_LINKS": "/a https://b/c",
            "PIP_CERT": "/ca.pem",
            "PIP_NO_CACHE_DIR": "0",
        }
    )
    assert mapped["UV_DEFAULT_INDEX"] == "https://one/simple"
    assert mapped["UV_INDEX"] == "https://two/simple https://three/simple"
    assert mapped["UV_FIND_LINKS"] == "/a,https://b/c"
    assert mapped["SSL_CERT_FILE"] == "/ca.pem"
    assert "UV_NO_CACHE" not in mapped


def test_configuration_files_and_what_wins(base: dict[str, str], tmp_path: Path) -> None:
    text = """
[global]
index-url = https://file/simple
extra-index-url =
    https://two/simple
    https://three/simple
[install]
trusted_host = one
no-index = true
"""
    environment = configured(base, tmp_path, text)
    assert pip_settings(environment)["index-url"] == "https://file/simple"
    assert for_uv(environment)["UV_INDEX"] == "https://two/simple https://three/simple"
    assert for_uv(environment)["UV_INSECURE_HOST"] == "one"
    assert switched_off(environment)
    assert not switched_off({**environment, "PIP_NO_INDEX": "false"})
    assert for_uv({**environment, "PIP_INDEX_URL": "https://variable"})["UV_DEFAULT_INDEX"] == "https://variable"
    assert for_uv({**environment, "UV_DEFAULT_INDEX": "https://uv"})["UV_DEFAULT_INDEX"] == "https://uv"


def test_the_users_own_file(base: dict[str, str], tmp_path: Path) -> None:
    del base["PIP_CONFIG_FILE"]
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text("[global]\nindex-url = https://mine\n")
    assert for_uv(base)["UV_DEFAULT_INDEX"] == "https://mine"


def test_a_damaged_file_is_left_to_pip(base: dict[str, str], tmp_path: Path) -> None:
    sound = pip_settings(configured(base, tmp_path, ""))
    assert pip_settings(configured(base, tmp_path, "index-url = without a section\n")) == sound
