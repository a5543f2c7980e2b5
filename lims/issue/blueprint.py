"""The blueprint of this feature: before the issue (views.py), archive (archive_views.py), public check (public.py)."""
from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("issue", __name__)
