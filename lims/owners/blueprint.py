"""The blueprint of this feature."""
from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("owners", __name__)
