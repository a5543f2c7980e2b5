"""What `lims doctor` says of the seal: key and its end, time-stamping authority, codes."""
from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import config
from certificates.seal_keys import SealError, common_name, is_trial
from certificates.seal_time import authority
from certificates.seal_trust import stamped_at
from instruments.words import Words
from lims.cli.finding import BAD, NOTE, OK, Finding
from lims.issue import keys, seal_source, sealing, stamping
from lims.shared import clock
from lims.shared.errors import DomainError

SOON = timedelta(days=60)
LARGEST_DRIFT = timedelta(minutes=2)


def seal_findings(settings: config.Settings) -> Iterator[Finding]:
    """The sealing key, the authority of the time stamps, the key of the codes. Needs an application context."""
    yield _key(settings)
    yield _authority(settings)
    yield _codes()


def _key(settings: config.Settings) -> Finding:
    subject, kind = Words("khóa đóng dấu", "seal"), seal_source.kind_of(settings)
    where = {"pkcs11": f"token {settings.token_label!r}", "pkcs12": str(settings.seal_pkcs12), "trial": ""}[kind]
    if kind == "trial" and not sealing.all_keys():
        return Finding(NOTE, subject, Words(f"chưa đặt khóa của phòng: lần cấp đầu sẽ tạo khóa thử, không có giá trị"
                                            f"{_ADVICE.vi}", "no key of the laboratory is set: a trial key, without "
                                            f"validity, is made at first need{_ADVICE.en}"))
    try:
        sealer = sealing.active()
        sealer.sign(b"doctor")
    except DomainError as error:
        return Finding(BAD, subject, Words(error.vi, error.en))
    except SealError as error:
        return Finding(BAD, subject, Words(f"{where}: {error.vi}", f"{where}: {error}"))
    trial, end = is_trial(sealer.certificate), sealer.certificate.not_valid_after_utc
    name = common_name(sealer.certificate)
    vi = f"{where or 'khóa thử, không có giá trị'}: {name}, đến {end:%d/%m/%Y}"
    en = f"{where or 'trial key, without validity'}: {name}, until {end:%d/%m/%Y}"
    if end - clock.now() < SOON:
        return Finding(BAD, subject, Words(f"{vi}; chứng thư sắp hết hạn hoặc đã hết hạn: đặt chứng thư mới",
                                           f"{en}; its certificate ends soon or has ended: order the next one"))
    return Finding(NOTE, subject, Words(vi + _ADVICE.vi, en + _ADVICE.en)) if trial else Finding(
        OK, subject, Words(vi, en))


_ADVICE = Words("; đặt LIMS_SEAL_PKCS12 hoặc LIMS_SEAL_PKCS11_MODULE trước khi cấp giấy thật",
                "; set LIMS_SEAL_PKCS12 or LIMS_SEAL_PKCS11_MODULE before real work")


def _authority(settings: config.Settings) -> Finding:
    """Asks for one time stamp and compares its time with the clock of this machine."""
    subject, url = Words("dấu thời gian", "time stamps"), settings.tsa_url
    if not url:
        return Finding(NOTE, subject, Words("không dùng: dấu ghi giờ của máy này (LIMS_TSA_URL)",
                                            "none: seals state the time of this machine (LIMS_TSA_URL)"))
    digest = secrets.token_bytes(32)
    try:
        trust = stamping.trusted_stamps(settings)
        at = stamped_at(authority(url, settings.tsa_seconds, trust)(digest))
    except (SealError, OSError) as error:
        left = Words("trong lúc đó không cấp số", "no number is given meanwhile") \
            if settings.tsa_policy == "refuse" else \
            Words("trong lúc đó đóng dấu không có dấu thời gian", "sealed without a stamp meanwhile")
        return Finding(BAD, subject, Words(f"{error.vi if isinstance(error, SealError) else error}; {left.vi}",
                                           f"{error}; {left.en}"))
    drift = abs(at - clock.now())
    if drift > LARGEST_DRIFT:
        return Finding(BAD, subject, Words(f"{url} và máy này lệch nhau {drift}: chỉnh giờ máy",
                                           f"{url} and this machine differ by {drift}: set the clock"))
    if trust is None:
        return Finding(BAD, subject, Words(
            f"{url} trả lời, nhưng chưa nói tin ai: đặt chứng thư (PEM) của nơi cấp vào tệp LIMS_TSA_TRUST",
            f"{url} answers, but nobody said whom to trust: put its certificates (PEM) into the file of "
            "LIMS_TSA_TRUST"))
    return Finding(OK, subject, Words(f"{url} trả lời, chứng thư nằm trong danh sách tin cậy",
                                      f"{url} answers, its certificate is on the trust list"))


def _codes() -> Finding:
    """The key that signs QR codes, and keys of documents whose public half is gone."""
    subject, rows = Words("khóa mã QR", "code key"), keys.all_keys()
    usable = [key for key in rows if key.retired_at is None and keys.has_private(key.key_id)]
    if usable:
        retired = sum(key.retired_at is not None for key in rows)
        return Finding(OK, subject, Words(
            f"khóa {usable[-1].key_id} ký mã; {retired} khóa đã thôi dùng vẫn kiểm tra được",
            f"key {usable[-1].key_id} signs codes; {retired} retired keys can still be checked"))
    if rows:
        return Finding(NOTE, subject, Words("máy này không có nửa riêng của khóa nào: lần cấp tới tạo khóa mới",
                                            "no private half is here: a new key is made at the next issue"))
    return Finding(OK, subject, Words("tạo ở lần cấp đầu", "made at the first issue"))
