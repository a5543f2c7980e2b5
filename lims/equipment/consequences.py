"""What follows from a failed check or a certificate, and what stands against use, for features further right; it
happens in the same transaction."""
from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from lims.equipment.models import DutyRecord, Standard, StandardCertificate

FailedCheck = Callable[[Session, Standard, DutyRecord], None]
NewCertificate = Callable[[Session, Standard, StandardCertificate], None]
BeforeUse = Callable[[Session, Standard], None]
_FAILED, _CERTIFICATE, _USE = "after_failed_check", "after_certificate", "before_use"


def on_failed_check(app: Flask, act: FailedCheck) -> None:
    """Call this when a check or maintenance was recorded as failed."""
    app.extensions.setdefault(_FAILED, []).append(act)


def on_certificate(app: Flask, act: NewCertificate) -> None:
    """Call this when a certificate was entered, corrected or taken back."""
    app.extensions.setdefault(_CERTIFICATE, []).append(act)


def before_use(app: Flask, act: BeforeUse) -> None:
    """Call this before a standard is put into use; it raises Conflict where that may not be."""
    app.extensions.setdefault(_USE, []).append(act)


def require_usable(current: Session, standard: Standard) -> None:
    """Everything registered that may stand against putting the standard into use."""
    for act in current_app.extensions.get(_USE, []):
        act(current, standard)


def failed_check(current: Session, standard: Standard, record: DutyRecord) -> None:
    """Everything registered for a failed check."""
    for act in current_app.extensions.get(_FAILED, []):
        act(current, standard, record)


def new_certificate(current: Session, standard: Standard, certificate: StandardCertificate) -> None:
    """Everything registered for a certificate."""
    for act in current_app.extensions.get(_CERTIFICATE, []):
        act(current, standard, certificate)
