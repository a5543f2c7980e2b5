"""A further revision of an archived file: a person signed it elsewhere, with any program that makes PAdES signatures.

Accepted is the archived file, byte for byte, with exactly one invisible, whole signature appended (ISO 32000-1 12.8,
ETSI EN 319 142-1): nothing that anybody reads may have been added, taken away or covered.
"""

import io
from dataclasses import dataclass

import pikepdf
from asn1crypto import cms  # type: ignore[import-untyped]
from cryptography import x509
from pikepdf import Array

from certificates.checking import claims
from certificates.numbering import same
from certificates.seal_check import SealCheck, check
from certificates.seal_keys import SealError, fingerprint

LARGEST_ADDITION = 1_000_000
_HIDDEN = 2 | 32
"""Hidden, or not shown on the screen (12.5.3)."""


class NotAccepted(SealError):
    """The file brought back is not the archived one with one more signature; the message says why."""


@dataclass(frozen=True)
class PersonSignature:
    """The signature that was added, whose certificate it is, and what its dictionary states."""

    seal: SealCheck
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    reason: str


def added_signature(archived: bytes, brought: bytes, number: str) -> PersonSignature:
    """The signature that `brought` adds to `archived`, the document `number`. Raises NotAccepted."""
    _refuse_other_bytes(archived, brought, number)
    try:
        before, after = check(archived), check(brought)
    except SealError as error:
        raise _refused("its signatures cannot be read", "không đọc được chữ ký trong tệp") from error
    new = after[len(before) :]
    if not new:
        raise _refused("it bears no further signature", "tệp chưa có thêm chữ ký nào")
    if len(new) > 1:
        raise _refused("it bears several further signatures: bring one at a time",
                       "tệp có thêm nhiều chữ ký: mỗi lần chỉ nhận một chữ ký")
    if [one.field for one in after[: len(before)]] != [one.field for one in before]:
        raise _refused("an earlier signature is missing", "mất chữ ký đã có trước đó")
    _refuse_broken(after)
    try:
        with pikepdf.open(io.BytesIO(archived)) as old, pikepdf.open(io.BytesIO(brought)) as opened:
            field = _refuse_visible(old, opened, new[0].field)
            return _signature(new[0], field)
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, SealError):
            raise
        raise _refused("its structure cannot be read", "không đọc được cấu trúc của tệp") from error


def _refuse_other_bytes(archived: bytes, brought: bytes, number: str) -> None:
    if brought == archived:
        raise _refused("it bears no further signature", "tệp chưa có thêm chữ ký nào")
    if brought.startswith(archived):
        if len(brought) - len(archived) > LARGEST_ADDITION:
            raise _refused("too much was added to it", "phần thêm vào tệp quá lớn")
        return
    told = claims(brought).number
    if told and not same(told, number):
        raise _refused(f"it is the document {told}, not {number}", f"đây là giấy số {told}, không phải {number}")
    raise _refused(
        "it is not the archived file with a signature added: its content was changed, or the program saved it anew "
        "instead of appending",
        "tệp không phải bản lưu được ký thêm: nội dung đã đổi, hoặc phần mềm ký lưu lại cả tệp thay vì ghi nối tiếp")


def _refuse_broken(after: tuple[SealCheck, ...]) -> None:
    if not all(one.intact for one in after):
        raise _refused("a signature in it is broken, or more than a signature was added",
                       "chữ ký trong tệp bị hỏng, hoặc tệp bị thêm nội dung ngoài chữ ký")
    if not after[-1].covers_whole_file:
        raise _refused("something was added after the signature", "tệp bị ghi thêm sau chữ ký")


def _refuse_visible(old: pikepdf.Pdf, opened: pikepdf.Pdf, name: str) -> pikepdf.Object:
    """The new field, whose widget alone may be new on the pages, and must not be seen."""
    if len(old.pages) != len(opened.pages):
        raise _refused("its number of pages changed", "số trang của tệp đã đổi")
    known = {one.objgen: one.unparse(resolved=True) for page in old.pages for one in page.obj.get("/Annots", [])}
    added = []
    for page in opened.pages:
        for one in page.obj.get("/Annots", []):
            if one.objgen not in known:
                added.append(one)
            elif one.unparse(resolved=True) != known[one.objgen]:
                raise _refused("a mark on its pages was changed", "ghi chú trên trang đã bị đổi")
    field = next(one for one in opened.Root.AcroForm.Fields if str(one.get("/T", "")) == name)
    own = {field.objgen, *(kid.objgen for kid in field.get("/Kids", []))}
    if any(one.objgen not in own for one in added):
        raise _refused("something that can be seen was added to its pages", "tệp bị thêm nội dung nhìn thấy được")
    if any(_is_seen(one) for one in added):
        raise _refused("its signature is drawn on the page: sign it without a visible mark",
                       "chữ ký được vẽ lên trang: hãy ký không hiện hình")
    return field


def _is_seen(widget: pikepdf.Object) -> bool:
    left, bottom, right, top = (float(number) for number in widget.get("/Rect", Array([0, 0, 0, 0])))
    return left != right and bottom != top and not int(widget.get("/F", 0)) & _HIDDEN


def _signature(seal: SealCheck, field: pikepdf.Object) -> PersonSignature:
    value = field.V
    signed = cms.ContentInfo.load(bytes(value.Contents))["content"]
    held = [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]
    own = next(one for one in held if fingerprint(one) == seal.fingerprint)
    return PersonSignature(seal, own, tuple(one for one in held if one != own), str(value.get("/Reason", "")))


def _refused(en: str, vi: str) -> NotAccepted:
    return NotAccepted(en, vi)
