"""docs/layouts.md: its example is a layout that prints, and it names every key, section and value."""

import re
from pathlib import Path

import pytest
from certificate_samples import CALIBRATION, VERIFICATION, WORK_RECORD, anchors

from certificates.document import Record
from certificates.layout import RECORD_SECTIONS, SECTIONS, LayoutFileError, line_of, read_layout, standard_layout
from certificates.pdf import render
from certificates.values import VALUES

GUIDE = (Path(__file__).parents[2] / "docs" / "layouts.md").read_text("utf-8")
found = re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
assert found is not None
EXAMPLE = found[1]


@pytest.mark.parametrize("record", [CALIBRATION, VERIFICATION, WORK_RECORD], ids=lambda record: record.kind.value)
def test_the_example_prints(record: Record) -> None:
    assert render(record, anchors(record), layout=read_layout(EXAMPLE)) != render(record, anchors(record))


def test_every_section_and_value_is_named() -> None:
    for name in (*SECTIONS, *RECORD_SECTIONS, *VALUES):
        assert f"`{name}`" in GUIDE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("left = 22", "left = 2"),
        ('value = "item.serial"', 'value = "item.colour"'),
        ('value = "results", strong', 'valeu = "results", strong'),
        ('number = "2.", vi = "Số tem"', 'number = "2.", vi = "漢"'),
        ('sections = ["checks", "results"]', 'sections = ["checks", "poems"]'),
        ('vi = "Tên mẫu"', 'vi = "' + "x" * 81 + '"'),
        ('name = "minh-son"', "name = 5"),
        ("[test]", "[tests]"),
    ],
)
def test_a_fault_names_the_line_in_which_it_stands(old: str, new: str) -> None:
    assert old in EXAMPLE
    wrong = EXAMPLE.replace(old, new, 1)
    line = EXAMPLE[: EXAMPLE.index(old)].count("\n") + 1
    with pytest.raises(LayoutFileError, match=rf"^line {line}: "):
        read_layout(wrong)


@pytest.mark.parametrize(
    "text", ["x" * 70_000, 'schema = "lims-layout-1"\nname = "x"\ncalibration = 5', "[[margins]]", "\0"]
)
def test_what_is_no_layout_is_refused(text: str) -> None:
    with pytest.raises(LayoutFileError):
        read_layout(text)


def test_a_place_that_is_not_there_has_no_line() -> None:
    assert line_of(EXAMPLE, "nowhere") == 0
    assert standard_layout().name == "standard"
