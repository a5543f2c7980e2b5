"""How a document would look with a logo, mark or layout that is not in use yet: the newest one issued, drawn anew.

It bears no number, code or seal that holds, and the words of the demonstration on every page.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from certificates import document
from certificates.artwork import ArtworkError
from certificates.pdf import render
from lims.issue import keys, paper_files
from lims.issue.models import Certificate
from lims.issue.paper_files import Part
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.organisation import organisation


def sample(kind: str, chosen: Mapping[Part, bytes]) -> bytes:
    """The PDF, with what was chosen in the place of what is in use. Raises Invalid at the part or at `kind`."""
    for part, content in chosen.items():
        paper_files.checked(part, content)
    found = session().scalars(
        sa.select(Certificate).where(Certificate.kind == kind, sa.func.length(Certificate.record) > 0)
        .order_by(Certificate.id.desc()).limit(1).options(undefer(Certificate.record))).first()
    if found is None:
        raise Invalid("Chưa cấp giấy nào loại này để xem thử; mở bản nháp ở trang Soát xét.",
                      "No document of this kind was issued yet; open the draft of an item at the review.", "kind")
    today = paper_files.digests(organisation(session()))
    stored = {part: paper_files.content_of(sha256) for part, sha256 in today.items() if sha256}
    used = {part: content for part, content in (stored | dict(chosen)).items() if content is not None}
    digests = {part: document.digest(content) for part, content in used.items()}
    read = document.parse_record(found.record)
    shown = replace(read, number=re.sub("[0-9]", "0", read.number), demonstration=True, organisation=replace(
        read.organisation, logo_sha256=digests.get("logo", ""), accreditation_mark_sha256=digests.get("mark", "")))
    layout = paper_files.read(used["layout"]) if "layout" in used else None
    try:
        return render(shown, keys.dummy_anchors(found.record_digest, shown.number), layout=layout, attachments=(),
                      artwork={digests[part]: used[part] for part in used})
    except ValueError as error:
        why = error.vi if isinstance(error, ArtworkError) else "hãy xem lại bố cục"
        raise Invalid(f"Không dựng được trang: {why}.", f"The page cannot be drawn: {error}", "layout") from error
