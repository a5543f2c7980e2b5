"""The blueprint of this feature; each …views.py adds its routes to it."""
from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("surveys", __name__)
