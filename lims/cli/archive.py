"""`lims backup`, `lims restore`, `lims verify`."""
from __future__ import annotations

import hashlib
import json
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app

from lims.cli import fail, key_box, snapshot
from lims.cli.context import application, database
from lims.cli.last_backup import LastBackup
from lims.issue import integrity
from lims.issue import keys as sealing
from lims.issue.integrity import Anchor
from lims.issue.record import SOFTWARE
from lims.shared import clock
from lims.shared.db import db, session

DATABASE, MANIFEST, PUBLIC_KEYS, LOCKED_KEYS = "lims.db", "manifest.json", "public-keys.json", "private-keys.box"
KEY_FILES = "*.key"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Also the private keys, locked with a passphrase (asked for).")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="Read the passphrase from this file.")
def backup(folder: Path, with_keys: bool, passphrase_file: Path | None) -> None:
    """Write a consistent backup to FOLDER (new or empty) while the application works.

    The folder holds the whole database as one SQLite file (whatever database is in use), the public keys, and a
    manifest with digests and the end of the audit trail. Private keys are left out unless --with-keys.

    Example: lims backup /backup/2026-11-23
    """
    passphrase = _passphrase(passphrase_file, confirm=True) if with_keys else None
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail(f"FOLDER: {folder} is not empty")
    with database():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            manifest = _back_up(folder, passphrase)
            _note(folder, manifest)
        except OSError as error:
            fail(f"{folder}: {error.strerror}")
            raise
    rows = sum(manifest["rows"].values())
    click.echo(f"{folder}: {rows} rows, {manifest['rows']['certificate']} documents, audit trail to transaction "
               f"{manifest['audit_head']['seq']}" + (", private keys locked" if with_keys else ""))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with-keys", is_flag=True, help="Also the private keys, if the backup holds them (passphrase).")
@click.option("--passphrase-file", type=click.Path(path_type=Path), help="Read the passphrase from this file.")
def restore(folder: Path, with_keys: bool, passphrase_file: Path | None) -> None:
    """Restore the backup in FOLDER to the empty place that LIMS_DATA_DIR or LIMS_DATABASE_URL names, and verify it.

    A backup of either database can be restored to either. Exit status 1 when what was restored is not in order.

    Example: LIMS_DATA_DIR=/srv/lims lims restore /backup/2026-11-23
    """
    end = _checked_manifest(folder)
    if with_keys and not (folder / LOCKED_KEYS).exists():
        fail(f"FOLDER: {folder} holds no private keys")
    app = application()
    with app.app_context():
        if not snapshot.is_empty(db.engine):
            fail("the place to restore to is not empty: name an empty LIMS_DATA_DIR or database")
        keys = _unlocked(folder, _passphrase(passphrase_file)) if with_keys else {}
        snapshot.put_back(folder / DATABASE, db.engine)
        for name, text in keys.items():
            _keep_key(name, text)
        _tell(integrity.verify(session(), anchors=[end]), as_json=False)


@click.command()
@click.option("--no-render", is_flag=True, help="Do not render the documents again (the slow part).")
@click.option("--anchor", "anchors", multiple=True, type=click.Path(path_type=Path),
              help="A backup's manifest kept elsewhere: the audit trail must still contain its end. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(no_render: bool, anchors: tuple[Path, ...], as_json: bool) -> None:
    """Check every document, series, signature, raw row, hash chain and trigger; print counts and the list of faults.

    Exit status 1 when anything is wrong. Who can write to the whole database could also shorten or rewrite all of its
    chains together; only what is kept elsewhere shows that: printed documents, and manifests given as --anchor.

    Example: lims verify --anchor /backup/2026-11-23/manifest.json
    """
    kept = [_anchor(path) for path in anchors]
    with database():
        _tell(integrity.verify(session(), render=not no_render, anchors=kept), as_json)


def _back_up(folder: Path, passphrase: str | None) -> dict[str, Any]:
    target = folder / DATABASE
    snapshot.take(db.engine, target)
    (folder / PUBLIC_KEYS).write_text(json.dumps(sealing.public_keys(), indent=2))
    if passphrase is not None:
        files = {path.name: path.read_text() for path in sorted(_key_folder().glob(KEY_FILES))}
        (folder / LOCKED_KEYS).write_bytes(key_box.lock(files, passphrase))
    manifest = {
        "backup": 1, "software": SOFTWARE, "created_at": clock.now().isoformat(), "sha256": _digest(target),
        "rows": snapshot.counts(target), "audit_head": snapshot.audit_head(target),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2))  # last: it says that the backup is whole
    return manifest


def _note(folder: Path, manifest: dict[str, Any]) -> None:
    """For `lims doctor`; that it cannot be written takes nothing from the backup."""
    data_dir: Path = current_app.extensions["settings"].data_dir
    with suppress(OSError):
        LastBackup(datetime.fromisoformat(manifest["created_at"]), str(folder.resolve()),
                   manifest["audit_head"]["seq"], manifest["audit_head"]["link"]).write(data_dir)


def _checked_manifest(folder: Path) -> Anchor:
    """The end of the audit trail that the manifest of a whole backup names."""
    manifest = _json(folder / MANIFEST)
    if manifest.get("backup") != 1 or not (folder / DATABASE).is_file():
        fail(f"FOLDER: {folder} is no whole backup of this application")
    end = _anchor(folder / MANIFEST)
    if _digest(folder / DATABASE) != manifest.get("sha256"):
        fail(f"FOLDER: {folder / DATABASE} does not match the manifest: it was changed or damaged")
    return end


def _anchor(path: Path) -> Anchor:
    try:
        return Anchor(**_json(path)["audit_head"])
    except (KeyError, TypeError):
        fail(f"{path}: names no end of an audit trail")
        raise


def _tell(report: integrity.Report, as_json: bool) -> None:
    if as_json:
        told = {"in_order": report.in_order, "counts": report.counts, "faults": report.faults}
        click.echo(json.dumps(told, indent=2))
    else:
        for name, count in report.counts.items():
            click.echo(f"{count:>8}  {name}")
        click.echo("in order" if report.in_order else f"{len(report.faults)} faults:")
        for fault in report.faults:
            click.echo(f"  {fault}")
    if not report.in_order:
        sys.exit(1)


def _passphrase(file: Path | None, *, confirm: bool = False) -> str:
    if file is not None:
        try:
            text = file.read_text().strip()
        except OSError as error:
            fail(f"--passphrase-file: {file}: {error.strerror}")
            raise
    else:
        text = click.prompt("Passphrase of the private keys", hide_input=True, confirmation_prompt=confirm)
    if confirm and len(text) < key_box.SHORTEST_PASSPHRASE:
        fail(f"the passphrase needs at least {key_box.SHORTEST_PASSPHRASE} characters")
    return str(text)


def _unlocked(folder: Path, passphrase: str) -> dict[str, str]:
    try:
        return key_box.unlock((folder / LOCKED_KEYS).read_bytes(), passphrase)
    except key_box.WrongPassphrase as error:
        fail(str(error))
        raise


def _keep_key(name: str, text: str) -> None:
    target = _key_folder() / Path(name).name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    target.write_text(text)


def _key_folder() -> Path:
    folder: Path = current_app.extensions["settings"].data_dir / "keys"
    return folder


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text())
    except OSError as error:
        fail(f"{path}: {error.strerror}")
        raise
    except ValueError:
        fail(f"{path}: not JSON")
        raise
    if not isinstance(content, dict):
        fail(f"{path}: a JSON object is expected")
    return dict(content)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
