"""Review, preflight, signature, issue, archive and public check of certificates."""
from __future__ import annotations

from flask import Flask

from lims.issue import (  # noqa: F401  (their routes and tasks register)
    archive,
    archive_views,
    batch,
    bulk_views,
    paper_views,
    practice,
    public,
    retention_views,
    scrub,
    settings_views,
    statement_views,
    views,
    work_papers,
)
from lims.issue.blueprint import blueprint
from lims.shared.panels import add_panel
from lims.staff.catalogue import add_practice


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    app.register_blueprint(blueprint)
    add_practice(app, practice.signed)
    add_panel(app, "job", work_papers.panel_of_job)
    app.extensions["document_numbers"] = lambda items: {row.item_id: row.number for row in archive.of_item(items)}
