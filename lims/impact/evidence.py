"""The panel on a certificate's page that leads to everything behind it: readings, budgets, standards, their chain."""
from __future__ import annotations

import sqlalchemy as sa
from flask import render_template

from certificates.formats import figure
from lims.issue.models import Certificate
from lims.jobs.disposal import disposal_of
from lims.jobs.models import Worksheet, WorksheetStandard
from lims.jobs.results import evaluation_of
from lims.shared.db import session

MOST_POINTS = 40


def panel(certificate: Certificate) -> str:
    """Links to the original readings, the budget of each point, and each standard's certificate and chain."""
    uses = session().scalars(
        sa.select(WorksheetStandard).join(Worksheet, Worksheet.id == WorksheetStandard.worksheet_id)
        .where(Worksheet.item_id == certificate.item_id).order_by(WorksheetStandard.id)).unique().all()
    gone = disposal_of(certificate.item.worksheet)
    rows = [] if gone else [(row["table"], row["point"], figure(row["nominal_text"]))
            for table in evaluation_of(certificate.result)["tables"] for row in table["rows"] if row["budget"]]
    return render_template("impact/_evidence.html", certificate=certificate, uses=uses, rows=rows[:MOST_POINTS],
                           gone=gone)
