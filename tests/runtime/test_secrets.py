"""Secrets never reach standard output, standard error, logs or errors."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from conftest import Finished

from soarkit.errors import LockTimeout
from soarkit.runtime.locks import LockWish, take
from soarkit.runtime.log import RunLog
from soarkit.runtime.redact import Redactor

Run = Callable[..., Finished]
SECRET = 'pä"ss\\wörd 4711'


@pytest.mark.parametrize("action", ["tell", "raise"])
@pytest.mark.parametrize("form", [["--format", "json"], ["--format", "table"], ["--debug"]])
def test_an_app_that_tells_its_password_everywhere(run: Run, home: Path, action: str, form: list[str]) -> None:
    finished = run("tells_its_secret", action, "--config", "password=env:PASSWORD", *form, PASSWORD=SECRET)
    assert finished.code == (1 if action == "raise" else 0), finished
    written = finished.stdout + finished.stderr
    written += "".join(path.read_bytes().decode("latin-1") for path in home.rglob("*") if path.is_file())
    # However it is escaped, this part of it would stand there.
    assert "4711" not in written
    assert "********" in written


def test_password_parameters_are_masked_in_the_result(run: Run) -> None:
    finished = run("tells_its_secret", "tell", "-c", "password=other-secret", "-p", "password=parameter-secret")
    assert finished.json()["result_data"][0]["parameter"]["password"] == "********"
    assert "parameter-secret" not in finished.stdout + finished.stderr


def test_the_app_itself_gets_the_real_value(run: Run, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from a file\n")
    finished = run(
        "echo",
        "echo",
        "-p",
        "text=x",
        "-c",
        "server=s",
        "-c",
        "token=@token",
        "--select",
        "action_result.data.*.config.token",
    )
    assert finished.stdout == "********\n"
    assert finished.code == 0


def test_encoded_forms_are_masked_too(run: Run) -> None:
    token = "a+token/with=special & characters"
    basic = base64.b64encode(f"ada:{token}".encode()).decode()
    digits = token.encode().hex()
    text = f"Basic {basic} {quote(token)} {quote_plus(token)} {html.escape(token)} {digits} {digits.upper()}"
    finished = run("echo", "echo", "-p", f"text={text}", "-c", "server=s", "-c", "token=env:TOKEN", TOKEN=token)
    shown = finished.json()["result_data"][0]["parameter"]["text"]
    assert shown.count("********") == 6
    assert "special" not in shown
    assert digits[10:-10] not in shown.lower()
    assert basic[10:-10] not in shown


@pytest.mark.parametrize("token", ["data", "success", "result_data", "echo", "status"])
def test_a_word_of_the_result_as_a_secret_leaves_the_result_readable(run: Run, token: str) -> None:
    answer = run("echo", "echo", "-p", "text=x", "-c", "server=s", "-c", f"token={token}").json()
    assert answer["status"] == answer["result_data"][0]["status"] == "success"
    assert answer["identifier"] == "echo"
    assert answer["result_data"][0]["data"][0]["config"]["token"] == "********"


def test_a_new_password_makes_no_new_asset_and_cannot_be_guessed_from_its_id(run: Run) -> None:
    ids = {run("echo", "echo", "-p", "text=x", "-c", "server=s", "-c", f"token={t}").json()["asset_id"] for t in "ab"}
    assert len(ids) == 1


def test_a_lock_that_is_named_like_a_secret(run: Run, soarkit: Run, app: Callable[[str], str], tmp_path: Path) -> None:
    redactor = Redactor(["top-secret-value"])
    held = take(str(tmp_path), LockWish(["top-secret-value"], False, None, 1, {"app": "a", "action": "b"}), print)
    heard: list[str] = []
    with held, pytest.raises(LockTimeout) as caught:
        wish = LockWish(["top-secret-value"], False, None, 0.05, {"app": "a", "action": "b"})
        take(str(tmp_path), wish, lambda text: heard.append(redactor.text(text)))
    assert "top-secret" not in heard[0]
    assert "held by a, 'b'" in caught.value.message


def test_a_secret_of_several_lines_is_masked_line_by_line() -> None:
    redactor = Redactor(["-----BEGIN-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END-----"])
    assert redactor.text("line MIIEvQIBADANBgkq of a key") == "line ******** of a key"


@pytest.mark.acceptance("A34")
@pytest.mark.parametrize("secret", ['a"b\\c-4711', "käse☃-4711", "tab\t\x01-4711"])
def test_json_within_json_and_escapes_of_standard_error_are_masked(secret: str) -> None:
    redactor = Redactor([secret])
    nested = json.dumps({"options": json.dumps({"title": secret})})
    for text in (nested, ascii(secret), secret.encode("ascii", "backslashreplace").decode()):
        assert "4711" not in redactor.text(text)


def test_a_secret_across_the_pieces_of_a_long_line(tmp_path: Path) -> None:
    log = RunLog(str(tmp_path), "app action", Redactor(["a-secret-of-4711"]), None)
    log.output("stdout", b"x" * 65530 + b"a-secret-")
    log.output("stdout", b"of-4711" + b"y" * 70000 + b"a-secret-of-47")
    log.output("stdout", b"11\n")
    log.close()
    text = Path(log.path).read_text()
    assert "4711" not in text
    assert "a-secret" not in text
    assert text.count("********") == 2


def test_logs_are_pruned_but_never_the_one_being_written(tmp_path: Path) -> None:
    for number in range(250):
        (tmp_path / f"20200101-000000-old-{number:04}.log").write_text("")
        (tmp_path / f"environment-{number:04}.log").write_text("")
    logs = [RunLog(str(tmp_path), "x" * 400, Redactor([]), None) for _ in range(3)]
    for log in logs:
        log.line("info", "here")
        log.close()
    assert all(Path(log.path).read_text().endswith("here\n") for log in logs)
    assert len(list(tmp_path.glob("2020*"))) < 200
    assert len(list(tmp_path.glob("environment-*"))) == 250


def test_proxy_passwords_and_tokens_of_an_action_json_are_secrets(run: Run, tmp_path: Path) -> None:
    given = {"identifier": "surroundings", "config": {"server": "s"}, "user_session_token": "session-4711"}
    (tmp_path / "input.json").write_text(json.dumps(given))
    finished = run("echo", "--input", "input.json", "--proxy", "http://ada:proxy-4712@proxy.example:1")
    assert finished.code == 0, finished
    assert "4712" not in finished.stdout
    assert "4711" not in finished.stdout


def test_numbers_that_look_like_a_password_leave_the_json_intact(run: Run) -> None:
    finished = run("echo", "echo", "-p", "text=1234", "-p", "count=1234", "-c", "server=s", "-c", "token=1234")
    parameter = finished.json()["result_data"][0]["parameter"]
    assert parameter == {"text": "********", "count": 1234}


def test_broken_values_are_not_shown_in_errors(soarkit: Run, app: Callable[[str], str]) -> None:
    finished = soarkit("run", app("echo"), "echo", "--config", "token:={secret-text")
    assert finished.code == 2
    assert "secret-text" not in finished.stdout + finished.stderr
