"""`lims serve` and `lims tls init`."""
from __future__ import annotations

import gc
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path

import click
import sqlalchemy as sa

import config
from lims.cli import fail
from lims.cli.worker import WorkerBeside
from lims.shared import schema
from lims.shared.db import engine_options, install_engine_hooks
from lims.shared.mounts import refuse_network_disk

STOPPING_SECONDS = 10
"""How long a process may finish what it answers. One told to stop while it starts never hears it, and is ended then."""

ASK_SECONDS = 0.05
"""Between two questions whether the new server answers."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), help="Certificate (PEM) for HTTPS.")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), help="Its private key (PEM).")
@click.option("--insecure-http", is_flag=True, help="Allow plain HTTP on another address than this machine's own.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, tls_cert: str | None, tls_key: str | None, insecure_http: bool, workers: int) -> None:
    """Serve the web application with a production server; beside it a worker does background work and sends alerts.

    Example: lims serve --host 0.0.0.0 --port 443 --tls-cert lab.pem --tls-key lab.key
    """
    if bool(tls_cert) != bool(tls_key):
        fail("--tls-cert and --tls-key: give both or none")
    if not tls_cert and not insecure_http and not _loopback(host):
        fail(f"--host {host}: plain HTTP is served on 127.0.0.1 only; give --tls-cert and --tls-key (`lims tls init` "
             "makes them), or --insecure-http behind a proxy that ends TLS")
    demonstration = _prepare()
    if demonstration and not _loopback(host):
        fail(f"--host {host}: this data folder holds the demonstration laboratory, which is served on 127.0.0.1 only")
    _refuse_taken_port(host, port)
    beside = WorkerBeside()
    threading.Thread(target=_tell_address, args=(host, port, bool(tls_cert)), daemon=True).start()
    try:
        _run(host, port, workers, tls_cert, tls_key)
    finally:
        beside.stop()


def _tell_address(host: str, port: int, tls: bool) -> None:
    """Prints the address once a page is answered there, so that whoever opens it finds it."""
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # every address of this machine: one of them is asked
    context = ssl._create_unverified_context() if tls else None  # whether it answers, not who it is
    while True:
        asked = (http.client.HTTPSConnection(own, port, timeout=10, context=context) if context
                 else http.client.HTTPConnection(own, port, timeout=10))
        try:
            asked.request("GET", "/healthz")
            asked.getresponse()
            break
        except (OSError, http.client.HTTPException):
            time.sleep(ASK_SECONDS)
        finally:
            asked.close()
    click.echo(f"Chuẩn LIMS: {'https' if tls else 'http'}://{host}:{port}/   (Ctrl+C to stop)")


def _prepare() -> bool:
    """Schema current; whether this is the demonstration laboratory."""
    try:
        settings = config.load()
        refuse_network_disk(settings)
    except config.SettingsError as error:
        fail(str(error))
        raise
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(settings.database_url, **engine_options(settings.database_url))
    install_engine_hooks(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        demonstration = connection.scalar(sa.select(sa.column("demonstration")).select_from(sa.table("organisation")))
    engine.dispose()
    return bool(demonstration)


def _run(host: str, port: int, workers: int, tls_cert: str | None, tls_key: str | None) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    gc.disable()  # what is read in now stays for good: nothing of it is worth looking through
    import lims.app  # noqa: F401  (once, here: the forked processes share it)

    gc.freeze()
    gc.enable()
    Granian("lims.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
            blocking_threads=8, backpressure=256, log_access=False, respawn_failed_workers=True,
            workers_kill_timeout=STOPPING_SECONDS,
            ssl_cert=Path(tls_cert) if tls_cert else None, ssl_key=Path(tls_key) if tls_key else None).serve()


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(f"--port {port}: cannot listen on {host}:{port} ({error.strerror}); choose another with --port")


@click.group()
def tls() -> None:
    """The laboratory's own certificate authority."""


@tls.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--out", type=click.Path(file_okay=False), default="tls", show_default=True, help="Folder to write to.")
def init(names: tuple[str, ...], out: str) -> None:
    """Make a certificate authority and a server certificate for NAMES (host names or addresses).

    Example: lims tls init lims.trungtam.lan 192.168.1.10 --out /srv/lims/tls
    """
    from lims.cli.own_ca import make_authority

    folder = Path(out)
    if any(folder.glob("*.pem")):
        fail(f"{folder}: holds certificates already; nothing was changed")
    paths = make_authority(folder, names)
    click.echo(f"CA certificate      {paths.ca}\nserver certificate  {paths.certificate}")
    click.echo(f"server key          {paths.key}\n")
    click.echo("Trust the CA on every machine that opens the application:\n"
               f"  Windows: certutil -addstore Root {paths.ca.name}\n"
               f"  Debian: cp {paths.ca.name} /usr/local/share/ca-certificates/lims.crt && update-ca-certificates\n"
               "  Firefox: Settings, Privacy & Security, Certificates, Import\n"
               f"Then: lims serve --host 0.0.0.0 --port 443 --tls-cert {paths.certificate} --tls-key {paths.key}")
