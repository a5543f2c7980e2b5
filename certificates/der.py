"""Writes ASN.1 values in the distinguished encoding (ITU-T X.690): the few kinds that a signature container needs."""

SEQUENCE, SET, OCTETS, INTEGER, OBJECT, BOOLEAN, NULL = 0x30, 0x31, 0x04, 0x02, 0x06, 0x01, b"\x05\x00"


def value(tag: int, *parts: bytes) -> bytes:
    """A value of one-byte tag around its content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE."""
    return value(SEQUENCE, *parts)


def set_of(*parts: bytes) -> bytes:
    """SET OF: its members stand in the order of their encodings (X.690 11.6)."""
    return value(SET, *sorted(parts))


def octets(content: bytes) -> bytes:
    """OCTET STRING."""
    return value(OCTETS, content)


def integer(number: int) -> bytes:
    """INTEGER, not negative."""
    return value(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def identifier(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, dotted.split("."))
    return value(OBJECT, *(_base_128(arc) for arc in (40 * first + second, *rest)))


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(arc & 0x7F | 0x80)
    return bytes(reversed(digits))
