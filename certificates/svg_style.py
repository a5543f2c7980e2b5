"""What SVG says of colours, lines and classes, as an ink; whatever cannot be printed solid is refused by name."""

import re
from collections.abc import Collection, Iterator, Mapping

from lxml import etree
from PIL import ImageColor

from certificates.svg_path import figure, numbers_of
from certificates.vector import ArtworkError, Ink

_STYLE = "{http://www.w3.org/2000/svg}style"
_SELECTOR = re.compile(r"\.([A-Za-z_][\w-]*)")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)  # one without an end goes to the end, as CSS has it
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(px|pt|pc|mm|cm|in)?\s*")
_LONGEST = 60  # characters of a length: its pattern tries every way to part a long one
_MOST_DASHES = 32  # every shape of a group carries them anew
_UNITS = {None: 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def ink_of(style: Mapping[str, str]) -> Ink:
    """The ink of these properties (SVG 1.1, 11). Raises ArtworkError."""
    current = style.get("color", "black")
    ends = {"butt": 0, "round": 1, "square": 2}
    corners = {"miter": 0, "round": 1, "bevel": 2}
    width = length(style.get("stroke-width", "1"))
    dash = style.get("stroke-dasharray", "none")
    if len(dash) > _MOST_DASHES * 20 or len(lengths := numbers_of("" if dash == "none" else dash)) > _MOST_DASHES:
        raise ArtworkError("nét đứt quá phức tạp; hãy chuyển thành đường nét",
                           "a complicated dashed line; convert it to outlines")
    return Ink(
        fill=_colour(style.get("fill", "black"), current),
        even_odd=style.get("fill-rule") == "evenodd",
        stroke=_colour(style.get("stroke", "none"), current) if width > 0 else None,
        width=width,
        cap=ends.get(style.get("stroke-linecap", "butt"), 0),
        join=corners.get(style.get("stroke-linejoin", "miter"), 0),
        mitre=max(1.0, length(style.get("stroke-miterlimit", "4"))),
        dash=tuple(lengths) if sum(lengths) > 0 and min(lengths) >= 0 else (),
    )


def _colour(text: str, current: str) -> tuple[float, float, float] | None:
    if text.lower() in ("none", "transparent"):
        return None
    if text.lower() == "currentcolor":
        text = current
    if text.startswith("url("):
        raise ArtworkError("màu chuyển sắc hay hoa văn (gradient, pattern); hãy dùng màu đặc",
                           "a gradient or pattern; use solid colours")
    try:
        red, green, blue, *rest = ImageColor.getrgb(text)
    except ValueError as error:
        raise ArtworkError(f"không hiểu màu “{text[:30]}”", f"the colour “{text[:30]}” is not known") from error
    if rest and rest[0] != 255:
        raise ArtworkError("màu trong suốt; hãy dùng màu đặc", "transparent colour; use a solid one")
    return red / 255, green / 255, blue / 255


def length(text: str) -> float:
    """A length in pixels of 1/96 inch (7.10). Raises ArtworkError."""
    found = _LENGTH.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ArtworkError(f"không hiểu độ dài “{text[:30]}”", f"the length “{text[:30]}” is not known")
    return figure(found[1]) * _UNITS[found[2]]


def classes_of(root: etree._Element, known: Collection[str]) -> dict[str, dict[str, str]]:
    """Rules of the style sheets inside: of classes by their names the `known` properties. Raises ArtworkError for
    other rules."""
    found: dict[str, dict[str, str]] = {}
    for sheet in root.iter(_STYLE):
        text = _COMMENT.sub("", "".join(map(str, sheet.itertext()))).strip()
        while text:
            selectors, brace, rest = text.partition("{")
            body, end, text = rest.partition("}")
            names = [_SELECTOR.fullmatch(one.strip()) for one in selectors.split(",")]
            if not brace or not end:
                names.append(None)
            properties = {key: value for key, value in declarations(body) if key in known}
            for name in names:
                if name is None:
                    raise ArtworkError("kiểu CSS phức tạp; hãy xuất lại với “thuộc tính trình bày”",
                                       "complicated style sheets; export with presentation attributes")
                found.setdefault(name[1], {}).update(properties)
            text = text.lstrip()
    return found


def declarations(text: str) -> Iterator[tuple[str, str]]:
    """The properties of a style attribute or rule with their values."""
    for one in text.split(";"):
        key, colon, value = one.partition(":")
        if colon:
            yield key.strip().lower(), value.replace("!important", "").strip()
