"""Which structure element is being drawn: for a while, or from one page to the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

from certificates.structure import Element

if TYPE_CHECKING:
    from certificates.sheet import Sheet


class Inside:
    """While it lasts, what is drawn belongs to an element, or for None to an artifact."""

    __slots__ = ("_given", "_pushed", "_stack")

    def __init__(self, stack: list[Element | None], pushed: Element | None, given: Element) -> None:
        self._stack, self._pushed, self._given = stack, pushed, given

    def __enter__(self) -> Element:
        self._stack.append(self._pushed)
        return self._given

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.pop()


class Going:
    """An element begun by the first piece of a block and gone on with by the rest, also on later pages."""

    def __init__(self, tag: str, english: bool = False) -> None:
        self.tag, self.english = tag, english
        self.element: Element | None = None

    @contextmanager
    def on(self, sheet: "Sheet") -> Iterator[Element]:
        """Draw inside this to add to the element."""
        if self.element is None:
            with sheet.tag(self.tag, english=self.english) as made:
                self.element = made
        with sheet.inside(self.element):
            yield self.element
