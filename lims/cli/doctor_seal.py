"""What `lims doctor` says of the seal: key and its end, time-stamping authority, codes."""
from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

import config
from certificates.seal_keys import SealError, common_name, is_trial
from certificates.seal_time import authority
from certificates.seal_trust import stamped_at
from lims.issue import keys, seal_source, sealing, stamping
from lims.shared import clock
from lims.shared.errors import DomainError

SOON = timedelta(days=60)
LARGEST_DRIFT = timedelta(minutes=2)


class Finding(NamedTuple):
    """One line: ok, or what to do."""

    ok: bool
    subject: str
    text: str


def seal_findings(settings: config.Settings) -> Iterator[Finding]:
    """The sealing key, the authority of the time stamps, the key of the codes. Needs an application context."""
    yield _key(settings)
    yield _authority(settings)
    yield _codes()


def _key(settings: config.Settings) -> Finding:
    kind = seal_source.kind_of(settings)
    where = {"pkcs11": f"token {settings.token_label!r}", "pkcs12": str(settings.seal_pkcs12), "trial": ""}[kind]
    if kind == "trial" and not sealing.all_keys():
        return Finding(True, "seal", "no key of the laboratory is set: a trial key, without validity, is made at first "
                                     f"need{_ADVICE}")
    try:
        sealer = sealing.active()
        sealer.sign(b"doctor")
    except DomainError as error:
        return Finding(False, "seal", error.en)
    except SealError as error:
        return Finding(False, "seal", f"{where}: {error}")
    end = sealer.certificate.not_valid_after_utc
    said = f"{where or 'trial key, without validity'}: {common_name(sealer.certificate)}, until {end:%d/%m/%Y}"
    if end - clock.now() < SOON:
        return Finding(False, "seal", f"{said}; its certificate ends soon: order the next one")
    return Finding(True, "seal", said + (_ADVICE if is_trial(sealer.certificate) else ""))


_ADVICE = "; set LIMS_SEAL_PKCS12 or LIMS_SEAL_PKCS11_MODULE before real work"


def _authority(settings: config.Settings) -> Finding:
    """Asks for one time stamp and compares its time with the clock of this machine."""
    if not settings.tsa_url:
        return Finding(True, "time stamps", "none: seals state the time of this machine (LIMS_TSA_URL)")
    digest = secrets.token_bytes(32)
    try:
        trust = stamping.trusted_stamps(settings)
        at = stamped_at(authority(settings.tsa_url, settings.tsa_seconds, trust)(digest))
    except (SealError, OSError) as error:
        left = "no number is given meanwhile" if settings.tsa_policy == "refuse" else "sealed without a stamp meanwhile"
        return Finding(False, "time stamps", f"{error}; {left}")
    drift = abs(at - clock.now())
    if drift > LARGEST_DRIFT:
        return Finding(False, "time stamps", f"{settings.tsa_url} and this machine differ by {drift}: set the clock")
    if trust is None:
        return Finding(False, "time stamps", f"{settings.tsa_url} answers, but nobody said whom to trust: "
                                             "put its certificates (PEM) into the file of LIMS_TSA_TRUST")
    return Finding(True, "time stamps", f"{settings.tsa_url} answers, its certificate is on the trust list")


def _codes() -> Finding:
    rows = keys.all_keys()
    usable = [key for key in rows if key.retired_at is None and keys.has_private(key.key_id)]
    if rows and not usable:
        return Finding(True, "code key", "no private half is here: a new key is made at the next issue")
    return Finding(True, "code key", f"key {usable[-1].key_id} signs codes" if usable else "made at the first issue")
