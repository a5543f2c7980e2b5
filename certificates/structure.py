"""The structure tree of a tagged PDF: what each piece of content is, in reading order (ISO 32000-1 14.7, PDF/UA-1)."""

from dataclasses import dataclass, field

from certificates.pdffile import Entries, PdfFile, dictionary, number, reference, text_string


@dataclass
class Element:
    """A structure element; a kid is an element or the (page, marked-content id) of a piece of content."""

    tag: str
    parent: "Element | None" = None
    kids: "list[Element | tuple[int, int]]" = field(default_factory=list)
    language: str = ""
    alternative: str = ""  # spoken in place of a figure
    scope: str = ""  # of a table head: "Column" or "Row"
    column_span: int = 1
    row_span: int = 1
    box: tuple[float, float, float, float] | None = None  # of a figure, on its page

    def child(self, tag: str, language: str = "", alternative: str = "") -> "Element":
        """A new element, last in this one."""
        made = Element(tag, self, language=language, alternative=alternative)
        self.kids.append(made)
        return made

    def attributes(self) -> str:
        """Attribute objects (14.8.5), "" for none."""
        table: Entries = {}
        if self.scope:
            table["Scope"] = "/" + self.scope
        if self.column_span > 1:
            table["ColSpan"] = self.column_span
        if self.row_span > 1:
            table["RowSpan"] = self.row_span
        if table:
            return dictionary({"O": "/Table"} | table)
        if self.box:
            edges = " ".join(number(edge) for edge in self.box)
            return dictionary({"O": "/Layout", "BBox": f"[{edges}]", "Placement": "/Block"})
        return ""


def write_structure(file: PdfFile, root: Element, pages: list[int]) -> int:
    """Adds the tree and its parent tree (14.7.4.4); page i has the StructParents i. Returns the tree's number."""
    tree = file.reserve()
    numbers = {id(root): file.reserve()}
    parents: list[list[int]] = [[] for _ in pages]
    _number_all(file, root, numbers)
    _write(file, root, tree, numbers, parents, pages)
    rows = " ".join(f"{page} [{' '.join(map(reference, row))}]" for page, row in enumerate(parents))
    entries: Entries = {
        "Type": "/StructTreeRoot",
        "K": reference(numbers[id(root)]),
        "ParentTree": f"<</Nums [{rows}]>>",
        "ParentTreeNextKey": len(pages),
    }
    return file.put(dictionary(entries), tree)


def _number_all(file: PdfFile, element: Element, numbers: dict[int, int]) -> None:
    for kid in element.kids:
        if isinstance(kid, Element):
            numbers[id(kid)] = file.reserve()
            _number_all(file, kid, numbers)


def _write(
    file: PdfFile, element: Element, parent: int, numbers: dict[int, int], parents: list[list[int]], pages: list[int]
) -> None:
    own = numbers[id(element)]
    home = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
    kids = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(reference(numbers[id(kid)]))
            _write(file, kid, own, numbers, parents, pages)
            continue
        page, mark = kid
        row = parents[page]
        row.extend([own] * (mark + 1 - len(row)))
        row[mark] = own
        kids.append(str(mark) if page == home else f"<</Type /MCR /Pg {reference(pages[page])} /MCID {mark}>>")
    entries: Entries = {"S": "/" + element.tag, "P": reference(parent)}
    if kids:
        entries["K"] = kids[0] if len(kids) == 1 else f"[{' '.join(kids)}]"
    if home is not None:
        entries["Pg"] = reference(pages[home])
    if attributes := element.attributes():
        entries["A"] = attributes
    if element.language:
        entries["Lang"] = text_string(element.language)
    if element.alternative:
        entries["Alt"] = text_string(element.alternative)
    file.put(dictionary(entries), own)
