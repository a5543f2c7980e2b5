"""Whether a verification officer's card names the field of an instrument: cards are written freely, fields are not."""
from __future__ import annotations

from lims.shared.text import search_key

FIELDS = {
    "length": ("độ dài", "chiều dài"), "mass": ("khối lượng",), "flow": ("lưu lượng",), "volume": ("dung tích",),
    "volume/flow": ("dung tích", "lưu lượng"), "pressure": ("áp suất",), "temperature": ("nhiệt độ", "nhiệt"),
    "force": ("lực", "mô men"), "electrical": ("điện",), "optics": ("quang",), "acoustics": ("âm thanh", "âm"),
    "phys-chem": ("hóa lý", "lý hóa", "hóa"), "hydromet": ("khí tượng",), "speed": ("tốc độ", "độ dài"),
}
"""Field as the list names it -> words of which a card has one (an officer of lengths also verifies speeds)."""

NO_FIELD = ("khối lượng riêng",)
"""Names of other quantities that hold the name of a field: density is no mass."""


def names_field(card: str, field: str, *names: str) -> bool:
    """Whether the card's text holds the field's code, one of its Vietnamese names or of `names`, as whole words."""
    held = f" {search_key(card)} "
    for other in NO_FIELD:
        held = held.replace(f" {search_key(other)} ", " ")
    return any(f" {search_key(word)} " in held for word in (field, *FIELDS.get(field, ()), *names) if search_key(word))
