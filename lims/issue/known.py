"""What an issued or withdrawn document tells the register of the customer's instruments."""
from __future__ import annotations

from lims.customers import checks
from lims.customers.checks import Check
from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.legal import catalogue, subject
from lims.shared.db import session
from lims.shared.organisation import Organisation

SERVICES = ("verification", "calibration")


def learn(item: JobItem, certificate: Certificate) -> None:
    """The instrument's newest check is this one, in the issuing transaction; a test says nothing about it.

    A calibration says that it was done, its verdict is the customer's matter; a verification that failed ends the
    validity of the one before. The register knows one check of each instrument, that of the item of its kind: a
    verification under another item tells nothing of it."""
    if item.service not in SERVICES or _under_another_item(item):
        return
    failed = item.service == "verification" and certificate.verdict != "pass"
    checks.learn(item.instrument, Check(
        item.service, "fail" if failed else "pass", certificate.performed_on, body=_own_name(),
        number=certificate.number, sticker=item.sticker, valid_until=None if failed else certificate.valid_until))


def forget(certificate: Certificate) -> None:
    """A withdrawn document gives no validity any more."""
    checks.forget(certificate.item.instrument, certificate.number)


def _under_another_item(item: JobItem) -> bool:
    own = catalogue.item_of(item.instrument.kind)
    return item.service == "verification" and own is not None and subject.legal_item_of(item) != own


def _own_name() -> str:
    laboratory = session().get(Organisation, 1)
    return laboratory.short_name if laboratory else ""
