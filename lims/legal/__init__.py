"""Legal metrology: the dated catalogue of group 2, its confirmation row by row, the law and forms behind it,
designations of the body, and the ledger of stickers and seals with the marks struck."""
from __future__ import annotations

from flask import Flask

from lims.customers.legal_duty import ROWS
from lims.jobs.regimes import METHOD_BY_LAW, SERVED_BY_LAW
from lims.legal import (  # noqa: F401  (their routes register)
    catalogue,
    designation_views,
    document_views,
    import_views,
    item_sticker_views,
    load_stickers,
    methods,
    status_views,
    sticker_paper_views,
    sticker_views,
    views,
)
from lims.legal.blueprint import blueprint


def init_app(app: Flask) -> None:
    """Register the pages of this feature."""
    app.register_blueprint(blueprint)
    app.extensions[SERVED_BY_LAW] = catalogue.unserved
    app.extensions[METHOD_BY_LAW] = methods.refusal
    app.extensions[ROWS] = catalogue.as_read
