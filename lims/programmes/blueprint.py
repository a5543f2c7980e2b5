"""The blueprint of this feature; its views stand in one file for each subject."""
from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("programmes", __name__)
