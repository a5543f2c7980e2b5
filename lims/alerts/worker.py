"""The loop that plans and sends alerts beside the web application."""
from __future__ import annotations

import logging
from threading import Event

from flask import Flask

from lims.alerts.service import send_due
from lims.shared.db import db

log = logging.getLogger("lims.alerts")


def run_forever(app: Flask, stop: Event, interval: float = 60.0) -> None:
    """Plan and send every `interval` seconds until `stop` is set; a fault is logged and the next round comes."""
    while not stop.is_set():
        with app.app_context():
            try:
                send_due()
            except Exception:
                log.exception("sending alerts failed; the next round comes in %s s", interval)
            finally:
                db.session.remove()
        stop.wait(interval)
