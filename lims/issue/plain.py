"""An issued document as plain values: the line of `lims certificate list --json` and of the API."""
from __future__ import annotations

from typing import Any

from lims.issue.archive import Status
from lims.issue.models import Certificate


def plain_of(one: Certificate, status: Status) -> dict[str, Any]:
    """Number, kind, live status, object and days (ISO 8601); null where there is none."""
    return {
        "number": one.number, "kind": one.kind, "status": status.state, "superseded_by": status.by or None,
        "ended_on": status.later.on.isoformat() if status.later else None,
        "object": one.object_name, "serial": one.object_serial, "customer": one.customer_name,
        "performed_on": one.performed_on.isoformat(), "date": one.issued_on.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None, "verdict": one.verdict,
    }
