"""A result that a review found would be stated otherwise is not issued as it stands (ISO/IEC 17025 7.10.1 b)."""
from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from lims.impact.concerned import CHANGES
from lims.impact.models import ImpactItem, ImpactReview
from lims.issue.dossier import Dossier
from lims.issue.finding import Finding, stop
from lims.shared.db import session


def findings(dossier: Dossier) -> Iterator[Finding]:
    """Reviews in whose last run this result changes, unless they were closed with the results accepted."""
    query = sa.select(ImpactReview).join(ImpactItem, sa.and_(
        ImpactItem.review_id == ImpactReview.id, ImpactItem.run == ImpactReview.run)).where(
        ImpactItem.result_id == dossier.result.id, ImpactItem.grade >= CHANGES,
        sa.or_(ImpactReview.state != "closed", ImpactReview.decision != "acceptable")).order_by(ImpactReview.id)
    for row in session().scalars(query):
        yield stop("impact", f"Xem xét {row.number}: tính lại thì kết quả này khác",
                   f"Review {row.number}: recomputed, this result is another",
                   "Trả lại người đo để đo hoặc tính lại với chuẩn đang có giá trị.",
                   "Send it back to be measured or evaluated again with a standard that counts.",
                   page="impact", where=str(row.id))
