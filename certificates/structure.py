"""The structure tree of a tagged PDF: what each piece of content is, in reading order (ISO 32000-1 14.7, PDF/UA-1)."""

from dataclasses import dataclass, field

from certificates.pdffile import Entries, PdfFile, dictionary, number, reference, text_string


@dataclass(slots=True)
class Element:
    """A structure element; a kid is an element or the (page, marked-content id) of a piece of content."""

    tag: str
    kids: "list[Element | tuple[int, int]]" = field(default_factory=list)
    language: str = ""
    alternative: str = ""  # spoken in place of a figure
    scope: str = ""  # of a table head: "Column" or "Row"
    column_span: int = 1
    row_span: int = 1
    box: tuple[float, float, float, float] | None = None  # of a figure, on its page
    item: int = 0  # object number, given when the tree is written

    def child(self, tag: str, language: str = "", alternative: str = "") -> "Element":
        """A new element, last in this one."""
        made = Element(tag, language=language, alternative=alternative)
        self.kids.append(made)
        return made

    def attributes(self) -> str:
        """Attribute objects (14.8.5), "" for none."""
        if self.scope or self.column_span > 1 or self.row_span > 1:
            table: Entries = {"O": "/Table"}
            if self.scope:
                table["Scope"] = "/" + self.scope
            if self.column_span > 1:
                table["ColSpan"] = self.column_span
            if self.row_span > 1:
                table["RowSpan"] = self.row_span
            return dictionary(table)
        if self.box:
            edges = " ".join(number(edge) for edge in self.box)
            return dictionary({"O": "/Layout", "BBox": f"[{edges}]", "Placement": "/Block"})
        return ""


def write_structure(file: PdfFile, root: Element, pages: list[int]) -> int:
    """Adds the tree and its parent tree (14.7.4.4); page i has the StructParents i. Returns the tree's number."""
    tree = file.reserve()
    _number_all(file, root)
    parents: list[list[int]] = [[] for _ in pages]
    _write(file, root, tree, parents, pages)
    rows = " ".join(f"{page} [{' '.join(map(reference, row))}]" for page, row in enumerate(parents))
    entries: Entries = {
        "Type": "/StructTreeRoot",
        "K": reference(root.item),
        "ParentTree": f"<</Nums [{rows}]>>",
        "ParentTreeNextKey": len(pages),
    }
    return file.put(dictionary(entries), tree)


def _number_all(file: PdfFile, element: Element) -> None:
    element.item = file.reserve()
    for kid in element.kids:
        if isinstance(kid, Element):
            _number_all(file, kid)


def _write(file: PdfFile, element: Element, parent: int, parents: list[list[int]], pages: list[int]) -> None:
    own, home, kids = element.item, -1, []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(f"{kid.item} 0 R")
            _write(file, kid, own, parents, pages)
            continue
        page, mark = kid
        row = parents[page]
        if mark >= len(row):
            row.extend([own] * (mark + 1 - len(row)))
        row[mark] = own
        if home < 0:
            home = page
        kids.append(f"{mark}" if page == home else f"<</Type /MCR /Pg {pages[page]} 0 R /MCID {mark}>>")
    text = f"<</S /{element.tag} /P {parent} 0 R"
    if kids:
        text += f" /K {kids[0]}" if len(kids) == 1 else f" /K [{' '.join(kids)}]"
    if home >= 0:
        text += f" /Pg {pages[home]} 0 R"
    if attributes := element.attributes():
        text += f" /A {attributes}"
    if element.language:
        text += f" /Lang ({element.language})"
    if element.alternative:
        text += f" /Alt {text_string(element.alternative)}"
    file.put(text + ">>", own)
