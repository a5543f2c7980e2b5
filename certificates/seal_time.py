"""Time stamps from an authority (RFC 3161): proof by somebody else that a seal existed at an instant."""

import http.client
import secrets
import urllib.request
from urllib.parse import urlsplit

from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]

from certificates import der
from certificates.seal_cms import Timestamp
from certificates.seal_keys import SealError
from certificates.seal_trust import TrustList, refuse_untrusted_stamp

_LARGEST_ANSWER = 100_000
_SHA256 = der.sequence(der.identifier("2.16.840.1.101.3.4.2.1"))
_TRUE = der.value(der.BOOLEAN, b"\xff")


class _Response(core.Sequence):  # type: ignore[misc]
    """An answer; a refusal holds no token, which the library's own type does not allow."""

    _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


class AuthorityAway(SealError):
    """The time-stamping authority does not answer, or refuses: a seal without a stamp is still possible."""


def authority(url: str, seconds: float = 10, trust: TrustList | None = None) -> Timestamp:
    """Asks the time-stamping authority at an http(s) address. Raises SealError for any other address.

    A token that does not rest on `trust` is refused; None asks for none.
    """
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise SealError(f"{url!r} is not the address of a time-stamping authority")

    def ask(digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        headers = {"Content-Type": "application/timestamp-query"}
        query = urllib.request.Request(url, request(digest, nonce), headers)
        try:
            with urllib.request.urlopen(query, timeout=seconds) as answer:
                given = token(answer.read(_LARGEST_ANSWER), digest, nonce)
        except (OSError, http.client.HTTPException) as error:
            raise AuthorityAway(
                f"the time-stamping authority at {url} does not answer: {error}",
                f"tổ chức cấp dấu thời gian tại {url} không trả lời",
            ) from error
        if trust is not None:
            refuse_untrusted_stamp(given, digest, trust)
        return given

    return ask


def request(digest: bytes, nonce: int) -> bytes:
    """The DER of a request for a SHA-256 digest, with the authority's certificate in the answer (2.4.1)."""
    imprint = der.sequence(_SHA256, der.octets(digest))
    return der.sequence(der.integer(1), imprint, der.integer(nonce), _TRUE)


def token(answer: bytes, digest: bytes, nonce: int) -> bytes:
    """The token in an authority's answer, once it belongs to this request (2.4.2). Raises SealError."""
    try:
        response = _Response.load(answer)
        status = response["status"]["status"].native
        if not status.startswith("granted"):
            raise AuthorityAway(
                f"the time-stamping authority refused: {status}", f"tổ chức cấp dấu thời gian từ chối: {status}"
            )
        found = response["token"]
        info = found["content"]["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        told = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native, info["nonce"].native)
        made: bytes = found.dump()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, SealError):
            raise
        raise AuthorityAway(
            "the time-stamping authority's answer cannot be read",
            "không đọc được trả lời của tổ chức cấp dấu thời gian",
        ) from error
    if told != ("sha256", digest, nonce):
        raise SealError(
            "the time-stamping authority answered another request", "dấu thời gian trả về là của yêu cầu khác"
        )
    return made
