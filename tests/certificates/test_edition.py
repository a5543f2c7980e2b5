"""The name of the drawing program changes with what draws."""
from certificates import edition


def test_the_edition_is_short_and_the_same_each_time() -> None:
    assert len(edition.edition()) == 8
    assert edition.edition.__wrapped__() == edition.edition()


def test_another_library_is_another_edition(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    before = edition.edition()
    monkeypatch.setattr(edition, "version", lambda name: "0")
    assert edition.edition.__wrapped__() != before
