"""The application: settings in, a Flask app with every feature registered out. The one place that knows them all."""
from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import FileSystemBytecodeCache
from werkzeug.middleware.proxy_fix import ProxyFix

import config
import lims.models  # noqa: F401  (fills the metadata)
from lims import (
    alerts,
    api,
    auth,
    customers,
    equipment,
    impact,
    issue,
    jobs,
    legal,
    owners,
    plans,
    programmes,
    reports,
    staff,
    surveys,
    web,
    workload,
)
from lims.api import once
from lims.equipment import tally
from lims.shared import audit, clock, i18n, responses, static_files, word_index
from lims.shared.arguments import Key, Request
from lims.shared.db import db, engine_options, install_engine_hooks
from lims.shared.mounts import refuse_network_disk

csrf = CSRFProtect()


def create_app(settings: config.Settings | None = None, *, clock_source: clock.Clock = clock.system_clock,
               overrides: Mapping[str, object] = MappingProxyType({})) -> Flask:
    """The WSGI application. The database schema must be current (`lims db upgrade`).

    `overrides` are settings of Flask and its extensions, for tests."""
    settings = settings or config.load()
    refuse_network_disk(settings)
    root = Path(__file__).parent
    app = Flask("lims", root_path=str(root), static_url_path=static_files.address(root / "static"))
    app.request_class = Request
    app.url_map.converters["int"] = Key
    app.config.update({**_flask_settings(settings), **overrides})
    app.extensions["settings"] = settings
    app.extensions["factory"] = create_app
    app.extensions["clock"] = clock_source
    db.init_app(app)
    csrf.init_app(app)
    with app.app_context():
        install_engine_hooks(db.engine)
    app.jinja_env.bytecode_cache = _compiled_pages(settings.data_dir)
    i18n.init_app(app)
    responses.init_app(app)
    static_files.init_app(app)
    for feature in (auth, customers, staff, equipment, jobs, legal, issue, owners, impact, alerts, surveys, programmes,
                    workload, plans, reports, web, api):
        feature.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


audit.install(db.session)
once.install(db.session)  # before the trail: it keeps what the same transaction made
word_index.install(db.session)
tally.install(db.session)  # after the trail: it waits for the trail's end


def _flask_settings(settings: config.Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key or _kept_secret(settings.data_dir),
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": 24 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 4 * 1024 * 1024,
        "MAX_FORM_PARTS": 5000,
        "SESSION_COOKIE_NAME": "lims",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "WTF_CSRF_TIME_LIMIT": None,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _compiled_pages(data_dir: Path) -> FileSystemBytecodeCache:
    """Templates as compiled by an earlier start; each is known by the digest of its text."""
    folder = data_dir / "cache" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


def _kept_secret(data_dir: Path) -> str:
    """The session key of this installation, made once, readable by its owner only."""
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()
