"""The blueprint of this feature; reception (views.py) and worksheet (worksheet_views.py) add their routes to it."""
from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("jobs", __name__)
