"""The record (biên bản) of a verification that passed, beside its certificate: drawn from the frozen record alone."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from certificates.pdf import render, standard_attachments
from certificates.work_record import beside
from lims.issue import archive, paper_files, planning
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
    """The same bytes whenever it is asked for, with the record of the certificate inside. Raises NotFound for another
    kind of document, Gone after its disposal."""
    if certificate.kind != "verification":
        raise NotFound("Giấy này không có biên bản riêng.", "This document has no separate record.")
    frozen = archive.record_of(certificate)
    paper = beside(frozen)
    content = render(paper, planning.anchors_of(certificate), layout=paper_files.layout_of(frozen),
                     artwork=paper_files.artwork_of(frozen),
                     attachments=standard_attachments(frozen, certificate.record_digest))
    return Paper(paper.number, content)


def panel_of_job(job: Job) -> str:
    """What was issued for the items of a job, each with its papers; nothing before the first."""
    rows: Sequence[Certificate] = archive.of_item([item.id for item in job.items], with_events=True)
    if not rows:
        return ""
    return render_template("issue/_of_job.html", rows=rows, codes={item.id: item.code for item in job.items},
                           statuses=archive.statuses(rows, clock.today()), states=status_words(),
                           lights=STATUS_LIGHTS, kinds=kind_words())
