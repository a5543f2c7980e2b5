"""What follows from a failed check or a certificate, for features further right; it happens in the same transaction."""
from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from lims.equipment.models import DutyRecord, Standard, StandardCertificate

FailedCheck = Callable[[Session, Standard, DutyRecord], None]
NewCertificate = Callable[[Session, Standard, StandardCertificate], None]
_FAILED, _CERTIFICATE = "after_failed_check", "after_certificate"


def on_failed_check(app: Flask, act: FailedCheck) -> None:
    """Call this when a check or maintenance was recorded as failed."""
    app.extensions.setdefault(_FAILED, []).append(act)


def on_certificate(app: Flask, act: NewCertificate) -> None:
    """Call this when a certificate was entered, corrected or taken back."""
    app.extensions.setdefault(_CERTIFICATE, []).append(act)


def failed_check(current: Session, standard: Standard, record: DutyRecord) -> None:
    """Everything registered for a failed check."""
    for act in current_app.extensions.get(_FAILED, []):
        act(current, standard, record)


def new_certificate(current: Session, standard: Standard, certificate: StandardCertificate) -> None:
    """Everything registered for a certificate."""
    for act in current_app.extensions.get(_CERTIFICATE, []):
        act(current, standard, certificate)
