"""Language and the shapes of numbers and dates on the page: Vietnamese first, English by one switch."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from flask import Flask, g, has_request_context, session
from flask_babel import Babel
from flask_login import current_user

from lims.shared.clock import LOCAL_ZONE, local

LANGUAGES = ("vi", "en")


def init_app(app: Flask) -> None:
    app.config.update(
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(Path(__file__).parents[1] / "translations"),
    )
    Babel(app, locale_selector=language, timezone_selector=lambda: LOCAL_ZONE.key)
    app.jinja_env.filters.update(day=day, instant=instant, decimal=decimal)


def language() -> str:
    """The language of this request: the switch first, then the account's, else Vietnamese."""
    if not has_request_context():
        return "vi"
    if "language" not in g:
        chosen = session.get("language")
        if chosen not in LANGUAGES and current_user and current_user.is_authenticated:
            chosen = current_user.language
        g.language = chosen if chosen in LANGUAGES else "vi"
    return str(g.language)


def day(value: date | None) -> str:
    """dd/mm/yyyy, in both languages."""
    return "" if value is None else f"{value:%d/%m/%Y}"


def instant(value: datetime | None) -> str:
    """dd/mm/yyyy hh:mm in the laboratory's zone."""
    return "" if value is None else f"{local(value):%d/%m/%Y %H:%M}"


def decimal(value: Decimal | str | None) -> str:
    """Digits as they are, with the decimal sign of the language."""
    if value is None:
        return ""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",") if language() == "vi" else text
