"""Measures the making of certificates: record → DCC (XSD) → tagged PDF/A-3a → PAdES B-B, in seconds of processor time.

    .venv/bin/python benchmarks/paper.py

Every certificate has other names, numbers and readings. The floor is a plain page of ReportLab with the same lines,
rules and squares at the same places: neither tagged nor archival, laid out beforehand, unsigned. Both are measured in
turns, so that what else the machine does weighs on both.
"""

from __future__ import annotations

import gc
import io
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "certificates")]

from certificate_samples import CALIBRATION, GAUGE, gauge_table  # noqa: E402
from reportlab.pdfbase import pdfmetrics  # noqa: E402
from reportlab.pdfbase.ttfonts import TTFont  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

import certificates.pdf  # noqa: E402
from certificates.dcc import dcc_xml  # noqa: E402
from certificates.dcc_check import schema_faults  # noqa: E402
from certificates.document import Anchors, Customer, Record, canonical_json, digest, link  # noqa: E402
from certificates.fonts import Face  # noqa: E402
from certificates.pdf import render, standard_attachments  # noqa: E402
from certificates.seal import seal, statement  # noqa: E402
from certificates.seal_cms import room_for  # noqa: E402
from certificates.seal_keys import from_pem, new_trial  # noqa: E402
from certificates.sheet import Align, Sheet  # noqa: E402

GOAL = 40.0  # certificates a second
MOST_BYTES = 120_000
Row = dict[str, Any]
T = TypeVar("T")
_SYLLABLES = [
    "Bình",
    "Nguyên",
    "Hải",
    "Thành",
    "Minh",
    "Sơn",
    "Phú",
    "Lương",
    "Khánh",
    "Hòa",
    "Quỳnh",
    "Thủy",
    "Đặng",
    "Vượng",
    "Trường",
    "Ấn",
    "Ổn",
    "Khí",
    "Cơ",
    "điện",
    "Dệt",
    "may",
    "Xăng",
    "dầu",
    "Y",
    "tế",
    "Bệnh",
    "viện",
    "Đa",
    "khoa",
    "Nhựa",
    "Thép",
    "Xi",
    "măng",
    "Giấy",
    "Gạch",
    "Nước",
    "sạch",
]


def sample(place: int) -> Record:
    """A calibration of a gauge at ten points, no two alike."""
    chance = random.Random(place)

    def name(count: int) -> str:
        return " ".join(chance.choice(_SYLLABLES) for _ in range(count))

    table, rows, points = gauge_table(10), [], []
    assert table.chart is not None
    for row, point in zip(table.rows, table.chart.points, strict=True):
        error, spread = Decimal(chance.randint(-80, 80)) / 10, Decimal(chance.randint(10, 25)) / 10
        mean = Decimal(row[1]) - error
        read = (str(mean - Decimal("0.3")), str(mean + Decimal("0.3")), str(mean))
        rows.append((row[0], row[1], *read, str(error), str(spread), "2.00", str(10 - spread), "pass"))
        points.append(replace(point, error=str(error), expanded_uncertainty=str(spread)))
    return replace(
        CALIBRATION,
        number=f"C26-{place:05d}",
        customer=Customer(f"Công ty TNHH {name(4)}", f"Số {chance.randint(1, 200)} đường {name(5)}", name(4)),
        item=replace(GAUGE, serial=str(chance.randint(10**6, 10**7)), manufacturer=name(3)),
        results=(replace(table, rows=tuple(rows), chart=replace(table.chart, points=tuple(points))),),
    )


class Maker:
    """The whole way of one certificate, its processor time kept by step."""

    def __init__(self) -> None:
        self.sealer = from_pem(new_trial("Trung tâm", datetime.now(UTC)))
        self.room = room_for(self.sealer, None)
        self.seconds: dict[str, float] = {}

    def make(self, record: Record) -> bytes:
        """The sealed file."""
        content = self._timed("record", lambda: canonical_json(record))
        own = digest(content)
        anchors = Anchors(own, link("", own), "kd.minhson.example/v", "HTTPS://KD.MINHSON.EXAMPLE/V/" + own.upper() * 2)
        dcc = self._timed("dcc", lambda: dcc_xml(record, own))
        assert self._timed("xsd", lambda: schema_faults(dcc)) == []
        attached = standard_attachments(record, own, dcc)
        pdf = self._timed("render", lambda: render(record, anchors, attachments=attached))
        return self._timed("seal", lambda: seal(pdf, self.sealer, statement(record), None, self.room)).pdf

    def _timed(self, step: str, work: Callable[[], T]) -> T:
        started = time.process_time()
        done = work()
        self.seconds[step] = self.seconds.get(step, 0.0) + time.process_time() - started
        return done


class _Noting(Sheet):
    """A sheet that notes what it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[tuple[Any, ...]] = []
        notes.append(self.notes)

    def new_page(self, *args: Any) -> None:
        self.notes.append(("page",))
        super().new_page(*args)

    def line(self, x: float, y: float, line: Any, align: Align = Align.LEFT, track: float = 0) -> float:
        end = super().line(x, y, line, align, track)
        at = end - sum(span.width for span in getattr(line, "spans", line))
        for span in getattr(line, "spans", line):
            self.notes.append(("text", at, y, span.face.value, span.size, span.text))
            at += span.width
        return end

    def rule(self, x1: float, y1: float, x2: float, y2: float, *args: Any, **more: Any) -> None:
        self.notes.append(("rule", x1, y1, x2, y2))
        super().rule(x1, y1, x2, y2, *args, **more)

    def path(self, points: Any, width: float = 0.5) -> None:
        self.notes.extend(("rule", *start, *end) for start, end in pairwise(points))
        super().path(points, width)

    def boxes(self, rectangles: Any) -> None:
        self.notes.append(("boxes", rectangles))
        super().boxes(rectangles)


notes: list[list[tuple[Any, ...]]] = []


def noted(record: Record, anchors: Anchors) -> list[tuple[Any, ...]]:
    """What the certificate draws, in order."""
    usual, certificates.pdf.Sheet = certificates.pdf.Sheet, _Noting  # type: ignore[misc]
    try:
        render(record, anchors)
    finally:
        certificates.pdf.Sheet = usual  # type: ignore[misc]
    return notes.pop()


def plain(drawn: list[tuple[Any, ...]]) -> bytes:
    """The same lines, rules and squares as ReportLab's own file."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pageCompression=1, invariant=1)
    for kind, *what in drawn[1:]:
        if kind == "text":
            x, y, face, size, text = what
            canvas.setFont(face, size)
            canvas.drawString(x, y, text)
        elif kind == "rule":
            canvas.line(*what)
        elif kind == "boxes":
            canvas.saveState()
            canvas.transform(1.5, 0, 0, 1.5, 60, 60)
            for rectangle in what[0]:
                canvas.rect(*rectangle, stroke=0, fill=1)
            canvas.restoreState()
        else:
            canvas.showPage()
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def measure(count: int = 150, warm_up: int = 20) -> tuple[list[Row], str]:
    """Rows for `build/benchmarks.json`, and the readable table."""
    for face in Face:
        pdfmetrics.registerFont(TTFont(face.value, str(ROOT / "certificates" / "fonts" / f"{face.value}.ttf")))
    maker, floor, size = Maker(), 0.0, 0
    for place in range(warm_up):
        maker.make(sample(place))
    maker.seconds.clear()
    started_with = _memory()
    for place in range(warm_up, warm_up + count):
        record = sample(place)
        size = max(size, len(maker.make(record)))
        own = digest(canonical_json(record))
        drawn = noted(record, Anchors(own, link("", own), "kd.minhson.example/v", "HTTPS://KD/V/" + own.upper() * 2))
        began = time.process_time()
        plain(drawn)
        floor += time.process_time() - began
    grown = _memory() - started_with
    each = {step: seconds / count * 1000 for step, seconds in maker.seconds.items()}
    whole, unsigned = sum(each.values()), sum(each.values()) - each["seal"]
    base = floor / count * 1000
    rows: list[Row] = [
        {"name": "certificates a second a core", "ours": 1000 / whole, "goal": GOAL},
        {"name": "all but the seal, ms", "ours": unsigned, "floor": base, "ratio": unsigned / base, "goal": 2.0},
        *({"name": f"{step}, ms", "ours": value} for step, value in each.items()),
        {"name": "largest file, bytes", "ours": size, "goal": MOST_BYTES},
        {"name": f"memory grown over {count}, MB", "ours": grown},
    ]
    lines = [
        "Certificates: record → DCC (XSD) → tagged PDF/A-3a → PAdES B-B (processor time)",
        f"  {1000 / whole:6.1f} a second a core (goal {GOAL:.0f}); one takes {whole:.1f} ms",
        "  " + ", ".join(f"{step} {value:.1f}" for step, value in each.items()) + " ms",
        f"  all but the seal {unsigned:.1f} ms; plain ReportLab page, laid out before, {base:.1f} ms: "
        f"ratio {unsigned / base:.2f} (goal ≤ 2)",
        f"  largest file {size:,} bytes (goal ≤ {MOST_BYTES:,}); memory grown {grown:.1f} MB",
    ]
    return rows, "\n".join(lines)


def _memory() -> float:
    """Megabytes held, after a collection."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if Path("/proc/self/statm").exists() else 0
    return pages * resource.getpagesize() / 1e6


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 150)[1])
