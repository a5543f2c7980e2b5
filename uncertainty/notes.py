"""Remarks that accompany a result: one text, Vietnamese first, English beside it."""

from __future__ import annotations


def note(vi: str, en: str) -> str:
    """One remark in both languages."""
    return f"{vi} / {en}"
