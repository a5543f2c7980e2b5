"""A server that issues, made to be killed: the nursery imports and warms up once and forks a server at each order.

Run as a module with the data folder and the database's address; each line on standard input starts one server, whose
process number is answered on standard output. A server listens on `issue.sock` in the data folder: a request is one
line `item key`, the answer one line of JSON after the commit.
"""
from __future__ import annotations

import json
import os
import socket
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

import config
from certificates.pdf import render
from lims.app import create_app
from lims.auth.models import User
from lims.issue import archive, issuing
from lims.shared.db import db, session
from tests.certificates.certificate_samples import CALIBRATION, anchors
from tests.faults.planted import plant

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SOCKET = "issue.sock"


def nursery(folder: Path, database_url: str, signer: str, planted: bool) -> None:
    """Fork one server for each line; the children before it are dead by then."""
    issuing.confirm_password = lambda _user, _password: None  # hashing would take most of the time between two kills
    if planted:
        plant()
    settings = config.load({"LIMS_DATA_DIR": str(folder), "LIMS_DATABASE_URL": database_url, "LIMS_SECRET_KEY": "test"})
    app = create_app(settings, clock_source=lambda: NOW)
    render(CALIBRATION, anchors(CALIBRATION))  # fonts and lazy imports
    print("ready", flush=True)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            serve(app, folder, signer)
        print(child, flush=True)
        with suppress(ChildProcessError):
            os.waitpid(child, 0)


def serve(app: Flask, folder: Path, signer: str) -> None:
    """Answer requests, each in a thread of its own, until killed. No connection was open before the fork."""
    (folder / SOCKET).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / SOCKET))
        listener.listen()
        while True:
            connection, _address = listener.accept()
            threading.Thread(target=answer, args=(app, connection, signer), daemon=True).start()


def answer(app: Flask, connection: socket.socket, signer: str) -> None:
    """One connection: requests until it is closed."""
    with connection, connection.makefile("rw") as lines, app.app_context():
        for line in lines:
            item_id, key = line.split()
            try:
                person = session().query(User).filter_by(username=signer).one()
                issued = issuing.issue_certificate(int(item_id), signer=person, password="", idempotency_key=key)
                reply = {"number": issued.number, "sha256": archive.file_of(issued).sha256}
            except Exception as error:  # a client hears of it and asks again
                session().rollback()
                reply = {"error": str(error)}
            db.session.remove()
            lines.write(json.dumps(reply) + "\n")
            lines.flush()


if __name__ == "__main__":
    nursery(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "planted")
