"""Time stamps on seals (RFC 3161) as this installation has them: whom to ask, whom to trust, what when it is away.

An authority that did not answer is left alone for a while: under the lease of a series nobody waits twice for it.
"""
from __future__ import annotations

import threading
import time
from functools import lru_cache
from pathlib import Path

from certificates.seal import Sealed, seal
from certificates.seal_cms import Timestamp, room_for
from certificates.seal_keys import Sealer
from certificates.seal_time import AuthorityAway, authority
from certificates.seal_trust import TrustList, read_trust_list
from certificates.seal_update import Statement
from config import Settings

REST_SECONDS = 30


class Stamps:
    """One authority, or none; `asked` tells whether seals are to carry a time stamp."""

    def __init__(self, stamp: Timestamp | None, *, without: bool) -> None:
        self._stamp = stamp
        self._without = without
        self._rooms: dict[tuple[int, bool], tuple[Sealer, int]] = {}
        self._lock = threading.Lock()
        self._away: tuple[float, AuthorityAway] | None = None

    @property
    def asked(self) -> bool:
        return self._stamp is not None

    def sealed(self, pdf: bytes, sealer: Sealer, stated: Statement) -> Sealed:
        """The sealed file, with a time stamp where one can be had. Raises SealError (AuthorityAway by policy)."""
        if self._stamp is not None:
            try:
                return seal(pdf, sealer, stated, self._ask, self._room(sealer, stamped=True))
            except AuthorityAway:
                if not self._without:
                    raise
        return seal(pdf, sealer, stated, None, self._room(sealer, stamped=False))

    def check(self, sealer: Sealer) -> None:
        """Before the lease: the room of a stamped seal is known and the authority was not away just now.

        Raises SealError; AuthorityAway also where seals are made without a stamp meanwhile.
        """
        if self._stamp is not None:
            self._room(sealer, stamped=True)
            self._refuse_resting()

    @property
    def goes_without(self) -> bool:
        """Whether documents are issued without a stamp while the authority is away."""
        return self._without

    def _ask(self, digest: bytes) -> bytes:
        assert self._stamp is not None
        self._refuse_resting()
        try:
            return self._stamp(digest)
        except AuthorityAway as error:
            self._away = (time.monotonic() + REST_SECONDS, error)
            raise

    def _refuse_resting(self) -> None:
        if self._away is not None and time.monotonic() < self._away[0]:
            raise AuthorityAway(str(self._away[1]), self._away[1].vi)

    def _room(self, sealer: Sealer, *, stamped: bool) -> int:
        with self._lock:
            kept = self._rooms.get((id(sealer), stamped))
            if kept is None or kept[0] is not sealer:
                kept = sealer, room_for(sealer, self._ask if stamped else None)
                self._rooms[id(sealer), stamped] = kept
            return kept[1]


def authority_of(settings: Settings) -> Stamps:
    """The authority of the settings. Raises SealError for a trust list that cannot be read."""
    changed = settings.tsa_trust.stat().st_mtime_ns if settings.tsa_trust is not None else 0
    return _stamps(settings.tsa_url, settings.tsa_trust, changed, settings.tsa_seconds, settings.tsa_policy)


def trusted_stamps(settings: Settings) -> TrustList | None:
    """The authorities that are trusted; None where no list is set. Raises SealError."""
    return None if settings.tsa_trust is None else _list(settings.tsa_trust, settings.tsa_trust.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _stamps(url: str, trust: Path | None, _changed: int, seconds: int, policy: str) -> Stamps:
    known = read_trust_list(trust.read_bytes()) if trust is not None else None
    return Stamps(authority(url, seconds, known) if url else None, without=policy == "without")


@lru_cache(maxsize=8)
def _list(path: Path, _changed: int) -> TrustList:
    return read_trust_list(path.read_bytes())
