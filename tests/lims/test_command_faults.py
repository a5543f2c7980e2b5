"""Every command, found by walking the groups: an example in its help, and one line instead of a traceback."""
from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from lims.cli import main

WITHOUT_DATABASE = {"calc", "procedure check", "procedure run", "tls init"}
RUNS_ON = {"serve", "worker"}
"""Commands that run until they are stopped once they have begun."""
BAD_SETTINGS = {
    "LIMS_DATABASE_URL": ["mysql://x", "sqlite:///", "postgresql://[::1", "postgresql://u@h:port/n", "nonsense"],
    "LIMS_BASE_URL": ["lims.example", "http://", "ftp://x"], "LIMS_DUE_SOON_DAYS": ["-1", "６", "nan", "1e9"],
    "LIMS_TRUSTED_PROXIES": ["many"], "LIMS_TSA_URL": ["tsa"], "LIMS_TSA_POLICY": ["perhaps"],
    "LIMS_TSA_SECONDS": ["1.5"],
    "LIMS_SMTP_URL": ["mail.example", "smtp://", "smtp://h:port"], "LIMS_SEAL_PKCS12": ["/no/such/file"],
    "LIMS_SEAL_PKCS11_MODULE": ["/no/such/file"], "LIMS_PERSON_TRUST": ["/no/such/file"],
}


def leaves(group: Any = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = {" ".join(path): command for path, command in leaves()}


READING = sorted(name for name, one in COMMANDS.items() if name not in RUNS_ON and any(
    isinstance(param.type, click.Path) or param.name in ("file", "readings") for param in one.params))
"""Commands that are given a file."""


def call(command: str, *arguments: str, **environment: str) -> Result:
    """The command in this process; whatever it raises comes out."""
    level = logging.getLogger("lims").level
    try:
        return CliRunner().invoke(main, [*command.split(), *arguments], catch_exceptions=False, env=environment,
                                  input="")
    finally:
        logging.getLogger("lims").setLevel(level)


def plausible(command: click.Command, file: Path) -> list[str]:
    """Required arguments and options, each with a value of its kind; `file` where one is named."""
    given = []
    for one in command.params:
        if not one.required and not (isinstance(one, click.Option) and one.prompt):
            continue
        value = (one.type.choices[0] if isinstance(one.type, click.Choice) else
                 str(file) if isinstance(one.type, click.Path) or one.name in ("file", "readings", "folder") else
                 "mot-cau-dai-de-nho")
        given += [one.opts[0], str(value)] if isinstance(one, click.Option) else [str(value)]
    return given


def test_the_walk_finds_the_commands() -> None:
    assert {"calc", "serve", "tls init", "user create", "keys retire", "certificate check", "verify"} <= set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_every_command_has_an_example(command: str) -> None:
    shown = call(command, "--help")
    assert shown.exit_code == 0
    assert "Example:" in shown.output
    assert f"lims {command}" in shown.output.split("Example:")[1]


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_wrong_use_of_every_command_ends_with_status_2_and_says_why(command: str) -> None:
    told = call(command, "--no-such-option")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "--no-such-option" in told.stderr


@pytest.fixture
def things(tmp_path: Path) -> dict[str, Path]:
    """What may stand where a file is expected."""
    made = {name: tmp_path / name for name in ("missing", "folder", "empty", "strange")}
    made["folder"].mkdir()
    made["empty"].write_bytes(b"")
    made["strange"].write_bytes(b"\x00\xff\xfe not a file of ours \x80" * 50)
    return made


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("what", ["missing", "folder", "empty", "strange"])
def test_whatever_stands_in_the_place_of_a_file_is_told_in_one_line(
        command: str, what: str, things: dict[str, Path], sqlite_url: str, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = call(command, *plausible(COMMANDS[command], things[what]),
                LIMS_DATA_DIR=str(tmp_path), LIMS_DATABASE_URL=sqlite_url)
    assert told.exit_code in (0, 1, 2)
    assert told.exit_code != 2 or told.stderr.strip()
    assert "Traceback" not in told.output


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - WITHOUT_DATABASE))
@pytest.mark.parametrize("place", ["no database", "a file"])
def test_a_place_without_a_usable_database_is_told_in_one_line(command: str, place: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    if place == "a file":
        folder.write_text("not a folder")
    else:
        folder.mkdir()
        (folder / "lims.db").write_bytes(b"this is no database, and it is longer than the heading of one. " * 9)
    target = tmp_path / "target"
    told = call(command, *plausible(COMMANDS[command], target), *(["--once"] if command == "worker" else []),
                LIMS_DATA_DIR=str(folder))
    assert told.exit_code == (1 if command == "doctor" and place == "no database" else 2), told.output
    assert command == "doctor" or told.stderr.strip()


@pytest.mark.parametrize(("name", "value"), [(name, one) for name, values in BAD_SETTINGS.items() for one in values])
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, tmp_path: Path) -> None:
    told = call("alerts send", LIMS_DATA_DIR=str(tmp_path), **{name: value})
    assert told.exit_code == 2
    assert name in told.stderr
