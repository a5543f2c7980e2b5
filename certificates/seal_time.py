"""Time stamps from an authority (RFC 3161): proof by somebody else that a seal existed at an instant."""

import secrets
import urllib.request
from urllib.parse import urlsplit

from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]

from certificates import der
from certificates.seal_cms import Timestamp
from certificates.seal_keys import SealError

_LARGEST_ANSWER = 100_000
_SHA256 = der.sequence(der.identifier("2.16.840.1.101.3.4.2.1"))
_TRUE = der.value(der.BOOLEAN, b"\xff")


class _Response(core.Sequence):  # type: ignore[misc]
    """An answer; a refusal holds no token, which the library's own type does not allow."""

    _fields = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


def authority(url: str, seconds: float = 10) -> Timestamp:
    """Asks the time-stamping authority at an http(s) address. Raises SealError for any other address."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
        raise SealError(f"{url!r} is not the address of a time-stamping authority")

    def ask(digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        headers = {"Content-Type": "application/timestamp-query"}
        query = urllib.request.Request(url, request(digest, nonce), headers)
        try:
            with urllib.request.urlopen(query, timeout=seconds) as answer:
                return token(answer.read(_LARGEST_ANSWER), digest, nonce)
        except OSError as error:
            raise SealError(f"the time-stamping authority at {url} does not answer: {error}") from error

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
            raise SealError(f"the time-stamping authority refused: {status}")
        found = response["token"]
        info = found["content"]["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        told = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native, info["nonce"].native)
        made: bytes = found.dump()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, SealError):
            raise
        raise SealError("the time-stamping authority's answer cannot be read") from error
    if told != ("sha256", digest, nonce):
        raise SealError("the time-stamping authority answered another request")
    return made
