"""Fills pages with blocks: what may not stand alone is kept together, what is long goes on overleaf."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from certificates.sheet import Sheet

MOST_PAGES = 400


class LayoutError(ValueError):
    """Content that no page can hold; the message says what."""


class Block:
    """Something with a height that is drawn downwards from a point; the width is fixed when it is made."""

    height: float = 0.0
    gap: float = 0.0  # room above, dropped at the top of a page
    keep_with_next: bool = False
    opens_page: bool = False  # set where it stands first on a page: nothing above is to be parted from it

    @property
    def least(self) -> float:
        """Height that must be free for the block to begin on a page."""
        return self.height

    def split(self, room: float) -> "tuple[Block, Block] | None":
        """A part at most `room` high and the rest, or None when it cannot be parted there."""
        return None

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Draws itself with its upper left corner at (x, top)."""
        raise NotImplementedError


class Space(Block):
    """Empty height."""

    def __init__(self, height: float) -> None:
        self.gap = height

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Nothing to draw."""


class Together(Block):
    """Blocks that stay on one page."""

    def __init__(self, *blocks: Block) -> None:
        self.blocks = blocks
        self.gap = blocks[0].gap
        self.height = sum(block.gap + block.height for block in blocks) - self.gap

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """One below the other."""
        for place, block in enumerate(self.blocks):
            top -= block.gap if place else 0
            block.draw(sheet, x, top)
            top -= block.height


@dataclass(frozen=True)
class Frame:
    """Room for blocks on a page, in points from the lower left."""

    x: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Free height of the empty frame."""
        return self.top - self.bottom


class Placed(NamedTuple):
    """A block and where its top stands."""

    block: Block
    top: float


class PageBreak(Block):
    """What follows starts a new page."""


def paginate(blocks: Sequence[Block], first: Frame, later: Frame) -> list[list[Placed]]:
    """The pages; `first` is the frame of page 1. Raises LayoutError for a block higher than a whole later frame."""
    filling = _Filling(first, later)
    for chain in _chains(blocks):
        if isinstance(chain[0], PageBreak):
            filling.turn()
            continue
        needed = sum(block.gap + block.height for block in chain[:-1]) + chain[-1].gap + chain[-1].least
        filling.ensure(needed)
        for block in chain:
            filling.place(block)
    return filling.pages


def _chains(blocks: Sequence[Block]) -> list[list[Block]]:
    """Runs of blocks that keep with the next, each ended by the one they keep with."""
    chains: list[list[Block]] = []
    going_on = False
    for block in blocks:
        if going_on:
            chains[-1].append(block)
        else:
            chains.append([block])
        going_on = block.keep_with_next
    return chains


class _Filling:
    def __init__(self, first: Frame, later: Frame) -> None:
        self.pages: list[list[Placed]] = [[]]
        self.later = later
        self.frame, self.y = first, first.top

    def turn(self) -> None:
        if len(self.pages) == MOST_PAGES:
            raise LayoutError(f"the document is longer than {MOST_PAGES} pages")
        self.pages.append([])
        self.frame, self.y = self.later, self.later.top

    @property
    def at_top(self) -> bool:
        return not self.pages[-1]

    def ensure(self, needed: float) -> None:
        """Begins a new page when `needed` is not free here."""
        if needed > self.y - self.frame.bottom + 0.01 and not (self.at_top and self.frame is self.later):
            self.turn()

    def place(self, block: Block) -> None:
        while True:
            gap = 0.0 if self.at_top else block.gap
            room = self.y - gap - self.frame.bottom
            if block.height <= room + 0.01:
                self._put(block, gap)
                return
            parts = block.split(room)
            if parts is not None:
                self._put(parts[0], gap)
                block = parts[1]
            elif self.at_top and self.frame is self.later:
                raise LayoutError(f"a {type(block).__name__.lower()} is higher than a page")
            self.turn()

    def _put(self, block: Block, gap: float) -> None:
        self.y -= gap
        block.opens_page = self.at_top
        self.pages[-1].append(Placed(block, self.y))
        self.y -= block.height
