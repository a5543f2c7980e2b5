"""`lims keys list|new|retire|export`."""
from __future__ import annotations

import json
import ssl
from pathlib import Path

import click

from lims.cli import fail
from lims.cli.context import COMMAND_LINE, database
from lims.cli.verify_page import verify_page
from lims.issue import keys as sealing
from lims.issue import sealing as documents
from lims.shared.clock import local
from lims.shared.errors import DomainError


@click.group()
def keys() -> None:
    """Keys that sign the QR codes, and keys that seal the documents (--seal)."""


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--seal", is_flag=True, help="The keys that seal documents, instead of those of the QR codes.")
def list_(as_json: bool, seal: bool) -> None:
    """List every key that ever sealed here: in use, retired, and whether its private half is kept on this machine.

    Example: lims keys list
    """
    if seal:
        _list_seals(as_json)
        return
    with database():
        rows = [{"key_id": key.key_id, "created_at": key.created_at.isoformat(),
                 "retired_at": key.retired_at.isoformat() if key.retired_at else None,
                 "private_key_here": sealing.has_private(key.key_id), "public_key": key.public_key}
                for key in sealing.all_keys()]
        shown = [f"{key.key_id:>5}  made {local(key.created_at):%d/%m/%Y %H:%M}  "
                 f"{'retired ' + format(local(key.retired_at), '%d/%m/%Y') if key.retired_at else 'in use':18}  "
                 f"{'private half here' if sealing.has_private(key.key_id) else 'private half NOT here'}"
                 for key in sealing.all_keys()]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        click.echo("\n".join(shown) or "no key yet: one is made at the first issue, or by `lims keys new`")


def _list_seals(as_json: bool) -> None:
    with database():
        rows = [{"key_id": key.fingerprint, "kind": key.kind, "subject": key.subject,
                 "created_at": key.created_at.isoformat(),
                 "retired_at": key.retired_at.isoformat() if key.retired_at else None,
                 "private_key_here": documents.has_private(key)} for key in documents.all_keys()]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{str(row['key_id'])[:16]}  {row['kind']:7} {'retired' if row['retired_at'] else 'in use':8} "
                   f"{row['subject']}")


@keys.command()
@click.option("--seal", is_flag=True, help="A trial key that seals documents.")
def new(seal: bool) -> None:
    """Make a new key; it seals from now on, and what older keys sealed stays checkable.

    A key of an authority is not made here: name its PKCS#12 file in LIMS_SEAL_PKCS12.

    Example: lims keys new
    """
    if seal:
        with database():
            try:
                made = documents.new_trial_key(actor=COMMAND_LINE)
            except DomainError as error:
                fail(error.en)
                raise
            click.echo(f"trial key {made.fingerprint[:16]} seals documents from now on; they bear no valid seal")
        return
    with database():
        key = sealing.make(actor=COMMAND_LINE)
        click.echo(f"key {key.key_id} seals from now on; its private half is in the key folder of the data directory")


@keys.command()
@click.argument("key_id")
def retire(key_id: str) -> None:
    """Seal nothing more with KEY_ID; its public half stays, so that documents sealed with it stay checkable.

    KEY_ID of a key that seals documents is its fingerprint, or at least 8 characters of it.

    Example: lims keys retire 1
    """
    with database():
        try:
            if len(key_id) < documents.SHORTEST_PREFIX:
                sealing.retire(key_id, actor=COMMAND_LINE)
            else:
                documents.retire(key_id, actor=COMMAND_LINE)
        except DomainError as error:
            fail(f"KEY_ID: {error.en}")
    click.echo(f"key {key_id} is retired")


@keys.command()
@click.option("--page", type=click.Path(path_type=Path, dir_okay=False),
              help="Write a page (HTML) that checks QR codes by itself, while the server is away.")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", help="Language of the page.")
@click.option("--seal", is_flag=True, help="Print the certificates (PEM) of the keys that seal documents.")
def export(page: Path | None, language: str, seal: bool) -> None:
    """Print the public halves as JSON {key id: base64}, or write a page that checks codes wherever it is hosted.

    The page holds keys, style and script in one file, loads nothing and sends nothing; write it again after a new key.

    Example: lims keys export --page /srv/www/kiem-ma.html
    """
    with database():
        if page is not None:
            try:
                page.write_text(verify_page(language), encoding="utf-8")
            except OSError as error:
                fail(f"--page: {page}: {error.strerror}")
            except DomainError as error:
                fail(error.en)
            click.echo(f"{page}: checks codes signed with key {', '.join(sealing.public_keys()) or 'none yet'}")
        elif seal:
            for key in documents.all_keys():
                click.echo(f"{key.subject} ({key.kind}, {'retired' if key.retired_at else 'in use'})\n"
                           f"{ssl.DER_cert_to_PEM_cert(key.certificate)}", nl=False)
        else:
            click.echo(json.dumps(sealing.public_keys(), indent=2))
