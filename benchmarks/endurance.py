"""Memory of one process over ten thousand certificates: record → DCC (XSD) → PDF/A-3a → PAdES B-B, none alike.

    .venv/bin/python -m benchmarks.endurance [10000]

What is kept on purpose (faces, subsets of alphabets, broken lines) is bounded, so the figure must stop growing.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator

from benchmarks.paper import Maker, _memory, sample

EVERY = 1_000


def held(count: int) -> Iterator[tuple[int, float, float]]:
    """(certificates made, MB held after a collection, seconds of processor time) at each thousand."""
    maker = Maker()
    for place in range(1, count + 1):
        maker.make(sample(place))
        if place % EVERY == 0 or place == 100:
            gc.collect()
            yield place, _memory(), time.process_time()


if __name__ == "__main__":
    for made, megabytes, seconds in held(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000):
        print(f"{made:6d} certificates: {megabytes:6.1f} MB held, {seconds:7.1f} s of processor time", flush=True)
