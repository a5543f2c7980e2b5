"""Errors of the domain: named, with a message in both languages, translated to pages and statuses in one place."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass
class DomainError(Exception):
    """Something the rules refuse. `vi` and `en` say what is wrong and what to do; `field` names the form field."""

    vi: str
    en: str
    field: str = ""
    status: int = 409

    def __str__(self) -> str:
        return self.en

    def message(self, language: str) -> str:
        return self.vi if language == "vi" else self.en


class NotFound(DomainError):
    """The named object does not exist, or not for this person."""

    def __init__(self, vi: str, en: str, field: str = "") -> None:
        super().__init__(vi, en, field, status=404)


class NotPermitted(DomainError):
    """The person lacks the permission, competence or authorisation."""

    def __init__(self, vi: str, en: str, field: str = "") -> None:
        super().__init__(vi, en, field, status=403)


class Conflict(DomainError):
    """Somebody else changed the same thing in the meantime."""


class Invalid(DomainError):
    """A value that cannot be accepted, at its field."""

    def __init__(self, vi: str, en: str, field: str = "") -> None:
        super().__init__(vi, en, field, status=422)
