"""What an app asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deps.conftest import HERE, listed

from soarkit.deps import inputs
from soarkit.deps.appfolder import AppFolder
from soarkit.environments.interpreters import Interpreter
from soarkit.errors import ManifestError

MakeApp = Callable[..., AppFolder]


def read(app: AppFolder, here: Interpreter) -> inputs.AppInput:
    return inputs.read(app, app.choice(here))


def test_the_pypi_list_comes_first(make_app: MakeApp, here: Interpreter, ship: Any) -> None:
    make_app()
    lists = listed([ship("shipped", "2.0"), ship("named", "3.0")])
    lists[f"pip{HERE}_dependencies"]["pypi"] = [{"module": "Named==1.0"}]
    found = read(make_app(requirements="other\n", lists=lists), here)
    assert found.requirements == ("named==1.0", "shipped==2.0")
    assert found.source == f"pip{HERE}_dependencies of the app JSON"


def test_then_requirements_txt(make_app: MakeApp, here: Interpreter, ship: Any) -> None:
    make_app()
    lists = listed([ship("shipped", "2.0")])
    text = """# what it needs
Zebra_Crossing >=1, <2  # stripes
apple==1.0 \\
    --hash=sha256:abc
apple==1.0
-c limits.txt
--extra-index-url https://me:secret@example.org/simple
"""
    app = make_app(requirements=text, lists=lists)
    with open(f"{app.folder}/limits.txt", "w") as file:
        file.write("pear<3\n")
    found = read(app, here)
    assert found.requirements == ("apple==1.0", "zebra-crossing<2,>=1")
    assert found.constraints == ("pear<3",)
    assert len(found.warnings) == 1
    assert "requirements.txt:7: --extra-index-url is passed over" in found.warnings[0]
    assert "secret" not in found.warnings[0]


def test_then_the_wheels(make_app: MakeApp, here: Interpreter, ship: Any) -> None:
    make_app()
    app = make_app(requirements="# nothing\n", lists=listed([ship("shipped", "2.0")]))
    assert read(app, here).requirements == ("shipped==2.0",)


@pytest.mark.parametrize(
    "line",
    [
        "git+https://me:secret@example.org/team/Shipped.git@3.5.0-ours #shipped=2.0",
        "git+https://example.org/fork.git#egg=shipped",
        "shipped @ https://example.org/shipped.tar.gz",
        "./wheels/shipped-2.0-py3-none-any.whl",
        "https://example.org/files/shipped-2.0.tar.gz",
    ],
)
def test_the_apps_wheel_stands_for_what_is_at_an_address(
    make_app: MakeApp, here: Interpreter, ship: Any, line: str
) -> None:
    make_app()
    app = make_app(requirements=f"other\n{line}\n", lists=listed([ship("shipped", "2.0")]))
    found = read(app, here)
    assert found.requirements == ("other", "shipped==2.0")
    assert found.warnings == (
        "requirements.txt:2: shipped is at an address; the app's wheel of it counts: shipped==2.0",
    )
    with pytest.raises(ManifestError, match="names no distribution of an index"):
        read(make_app(requirements=f"{line}\n"), here)


def test_an_app_may_ask_for_nothing(make_app: MakeApp, here: Interpreter) -> None:
    assert read(make_app(), here).requirements == ()


def test_included_files_count(make_app: MakeApp, here: Interpreter) -> None:
    app = make_app(requirements="-r more.txt\na\n")
    with open(f"{app.folder}/more.txt", "w") as file:
        file.write("b\n")
    assert read(app, here).requirements == ("a", "b")


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("a\n\n!!\n", "requirements.txt:3", "'!!' names no distribution"),
        ("a @ https://u:pw@example.org/a.whl\n", "requirements.txt:1", "https://example.org"),
        ("-e .\n", "requirements.txt:1", "names no distribution"),
        ("-r ../../secrets.txt\n", "requirements.txt:1", "outside the app's folder"),
        ("-r requirements.txt\n", "requirements.txt:1", "in a circle"),
        ("-r gone.txt\n", "requirements.txt:1", "missing"),
    ],
)
def test_broken_requirements_are_refused(
    make_app: MakeApp, here: Interpreter, text: str, where: str, words: str
) -> None:
    with pytest.raises(ManifestError) as caught:
        read(make_app(requirements=text), here)
    assert caught.value.where == where
    assert words in caught.value.message


def test_requirements_that_are_no_text_are_refused(make_app: MakeApp, here: Interpreter) -> None:
    app = make_app()
    with open(f"{app.folder}/requirements.txt", "wb") as file:
        file.write(b"\xff\xfea\x00")
    with pytest.raises(ManifestError, match="not UTF-8"):
        read(app, here)


def test_the_digest_is_of_what_is_asked_for(make_app: MakeApp, here: Interpreter) -> None:
    one = read(make_app(requirements="a\nb\n"), here)
    same = read(make_app(requirements="# other text\nB\na\n"), here)
    other = read(make_app(requirements="a\nb==1\n"), here)
    assert one.digest == same.digest != other.digest
