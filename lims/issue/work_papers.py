"""The record (biên bản) of a verification that passed, beside its certificate: archived and sealed with it at issue."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from certificates.work_record import BESIDE
from lims.issue import archive, planning
from lims.issue.models import Certificate
from lims.issue.status_words import STATUS_LIGHTS, kind_words, status_words
from lims.jobs.models import Job
from lims.shared import clock
from lims.shared.errors import NotFound


@dataclass(frozen=True)
class Paper:
    """The file and the number that it bears."""

    number: str
    content: bytes


def record_paper(certificate: Certificate) -> Paper:
    """The archived file, with the record of the certificate inside; for certificates issued before it was archived it
    is drawn from the frozen record. Raises NotFound for another kind of document, Gone after its disposal."""
    if certificate.kind != "verification":
        raise NotFound("Giấy này không có biên bản riêng.", "This document has no separate record.")
    kept = archive.paper_of(certificate)
    content = kept.content if kept is not None else planning.paper_beside(
        archive.record_of(certificate), planning.anchors_of(certificate))
    return Paper(f"{certificate.number}{BESIDE}", content)


def panel_of_job(job: Job) -> str:
    """What was issued for the items of a job, each with its papers; nothing before the first."""
    rows: Sequence[Certificate] = archive.of_item([item.id for item in job.items], with_events=True)
    if not rows:
        return ""
    return render_template("issue/_of_job.html", rows=rows, codes={item.id: item.code for item in job.items},
                           statuses=archive.statuses(rows, clock.today()), states=status_words(),
                           lights=STATUS_LIGHTS, kinds=kind_words())
