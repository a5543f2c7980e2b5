"""The digital calibration certificate: valid by schema and by PTB's rules, and saying what the paper says."""

import importlib.util
import io
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
from certificate_samples import CALIBRATION, COLUMNS, VERIFICATION, anchors, gauge_table
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from certificates.dcc import DccError, dcc_xml
from certificates.dcc_check import content_faults, schema_faults
from certificates.document import (
    Amendment,
    Column,
    Condition,
    Opinion,
    Record,
    ResultTable,
    Role,
    Stage,
    Uncertainty,
    Verdict,
    Words,
    canonical_json,
    digest,
)
from certificates.dsi import UnitError, conversion, dsi_unit, is_dsi
from certificates.pdf import render

NS = {"dcc": "https://ptb.de/dcc", "si": "https://ptb.de/si"}


def wide() -> Record:
    """Two tables of forty points, an amendment, an opinion, hostile names."""
    text = '<b>Công ty</b> & "con" \x00\u202e ]]>'
    return replace(
        CALIBRATION,
        customer=replace(CALIBRATION.customer, name=text, address=text, contact=text),
        results=(gauge_table(40), replace(gauge_table(40), stage=Stage.AS_LEFT)),
        amendment=Amendment("C26-00400", (Words("Sửa số", "Number corrected"),), Words("Ghi nhầm")),
        opinions=(Opinion(Words("Nên làm sạch"), Words("Quan sát"), "Lê Thị Hường"),),
        remarks=(Words(text, text),),
        demonstration=True,
    )


def bare() -> Record:
    """As little as a record may hold: no units but one, no verdicts, no uncertainty column, words for conditions."""
    table = ResultTable(
        Words("Kết quả"),
        (Column("no", Words("Điểm đo"), role=Role.NUMBER), Column("v", Words("Giá trị"), "V"), COLUMNS[9]),
        (("điểm 1", "1,05", "tốt"), ("điểm 2", "", "")),
    )
    return replace(
        CALIBRATION,
        item=replace(CALIBRATION.item, tag="", identification="", specifications=(), condition=Words("")),
        results=(table,),
        environment=(Condition(Words("Môi chất"), text=Words("nước")), Condition(Words("Nhiệt độ"), "°C", "23", "")),
        uncertainty=(),
        conformity=(),
        recalibration=None,
        standards=(),
    )


RECORDS = {"usual": CALIBRATION, "wide": wide(), "bare": bare()}


@pytest.mark.parametrize("name", RECORDS)
def test_the_certificate_is_valid_against_the_schemas_and_sound(name: str) -> None:
    content = dcc_xml(RECORDS[name])
    assert schema_faults(content) == []
    assert content_faults(content) == []


@pytest.mark.skipif(importlib.util.find_spec("dcclib") is None, reason="PTB's dcclib is not installed")
@pytest.mark.parametrize("name", RECORDS)
def test_the_certificate_passes_the_schematron_of_ptb(name: str) -> None:
    from dcclib.validation import SchematronValidator

    result = SchematronValidator.for_dcc().validate_str(dcc_xml(RECORDS[name]).decode())
    reports = [*result.failed_assertions, *result.successful_reports]
    assert [report.text for report in reports if report.role == "error"] == []


def texts(content: bytes, path: str) -> list[str]:
    return [str(text) for text in etree.fromstring(content).xpath(path, namespaces=NS)]


def test_the_figures_are_those_of_the_paper() -> None:
    content = dcc_xml(CALIBRATION)
    error = "//dcc:quantity[@refType='basic_measurementError']"
    table = CALIBRATION.results[0]
    keys = [column.key for column in table.columns]
    columns = {key: [row[keys.index(key)] for row in table.rows] for key in keys}
    assert texts(content, f"{error}/si:realListXMLList/si:valueXMLList/text()") == [" ".join(columns["error"])]
    assert texts(content, f"{error}//si:uncertaintyXMLList/text()") == [" ".join(columns["U"])]
    assert texts(content, f"{error}//si:coverageFactorXMLList/text()") == ["2.00"]
    assert texts(content, f"{error}//si:coverageProbabilityXMLList/text()") == ["0.9545"]
    assert texts(content, f"{error}//dcc:conformityXMLList/text()") == [" ".join(["pass"] * 10)]
    assert texts(content, f"{error}//dcc:quantity[2]//si:valueXMLList/text()") == [" ".join(columns["limit"])]
    assert texts(content, "//dcc:quantity[@refType='basic_referenceValue']//si:valueXMLList/text()") == [
        " ".join(columns["mean"])
    ]


def test_the_certificate_names_number_record_item_and_dates() -> None:
    content = dcc_xml(CALIBRATION)
    assert texts(content, "//dcc:uniqueIdentifier/text()") == ["C26-00417"]
    assert texts(content, "//dcc:coreData//dcc:value/text()") == [digest(canonical_json(CALIBRATION))]
    assert texts(content, "//dcc:item//dcc:value/text()") == ["11A04-2871", "PG-07", "26-01834/3"]
    assert texts(content, "//dcc:receiptDate/text()") == ["2026-11-12"]
    assert texts(content, "//dcc:issueDate/text()") == ["2026-11-16"]
    assert texts(content, "//dcc:statement[@refType='basic_recalibration']/dcc:date/text()") == ["2027-11-13"]
    assert texts(content, "//dcc:respPerson[dcc:mainSigner='true']//dcc:content/text()")[0] == "Nguyễn Đức Thắng"


def test_an_amendment_names_what_it_replaces() -> None:
    assert texts(dcc_xml(wide()), "//dcc:replacedUniqueIdentifier/text()") == ["C26-00400"]


def test_no_interval_is_recommended_unless_agreed() -> None:
    record = replace(CALIBRATION, recalibration=replace(CALIBRATION.recalibration, agreed=False))
    assert "basic_recalibration" not in dcc_xml(record).decode()


def test_an_uncertainty_in_another_unit_is_converted() -> None:
    columns = (
        Column("e", Words("Sai số"), "mm", Role.ERROR),
        Column("U", Words("U"), "µm", Role.UNCERTAINTY),
    )
    table = ResultTable(Words("Kết quả"), columns, (("0.10", "60"),))
    record = replace(CALIBRATION, results=(table,), uncertainty=(Uncertainty("95", "1.83", method="dominant"),))
    content = dcc_xml(record)
    assert Decimal(texts(content, "//si:uncertaintyXMLList/text()")[0]) == Decimal("0.060")
    assert texts(content, "//si:distributionXMLList/text()") == ["other"]
    assert schema_faults(content) == []


def test_factors_that_differ_by_result_are_taken_from_their_column_or_not_at_all() -> None:
    statements = (Uncertainty("95", "1.65", Words("điểm 1"), "dominant"), Uncertainty("95", "2.00", Words("điểm 2")))
    columns = (
        Column("e", Words("Sai số"), "V", Role.ERROR),
        Column("U", Words("U"), "V", Role.UNCERTAINTY),
        Column("k", Words("k"), "", Role.COVERAGE_FACTOR),
    )
    rows = (("0.10", "0.05", "1.65"), ("0.20", "0.06", "2.00"))
    record = replace(CALIBRATION, results=(ResultTable(Words("x"), columns, rows),), uncertainty=statements)
    assert texts(dcc_xml(record), "//si:coverageFactorXMLList/text()") == ["1.65 2.00"]
    assert texts(dcc_xml(record), "//si:distributionXMLList/text()") == []
    table = ResultTable(Words("x"), columns[:2], tuple(row[:2] for row in rows))
    content = dcc_xml(replace(record, results=(table,)))
    assert texts(content, "//si:coverageFactorXMLList/text()") == []
    assert "0.05 0.06" in texts(content, "//si:valueXMLList/text()")
    assert schema_faults(content) == []


def test_the_same_record_gives_the_same_bytes_and_the_pdf_holds_them() -> None:
    content = dcc_xml(CALIBRATION)
    assert content == dcc_xml(CALIBRATION)
    with pikepdf.open(io.BytesIO(render(CALIBRATION, anchors(CALIBRATION)))) as pdf:
        assert pdf.attachments["C26-00417.xml"].get_file().read_bytes() == content
    with pikepdf.open(io.BytesIO(render(VERIFICATION, anchors(VERIFICATION)))) as pdf:
        assert pdf.attachments["V26-01208.json"].get_file().read_bytes() == canonical_json(VERIFICATION)


def test_only_a_calibration_has_a_dcc() -> None:
    with pytest.raises(DccError):
        dcc_xml(VERIFICATION)


def test_a_unit_without_spelling_is_named() -> None:
    columns = tuple(replace(column, unit="cái") if column.unit else column for column in COLUMNS)
    with pytest.raises(UnitError, match="cái"):
        dcc_xml(replace(CALIBRATION, results=(replace(CALIBRATION.results[0], columns=columns),)))


def test_a_condition_that_is_no_number_is_refused() -> None:
    with pytest.raises(DccError, match="ấm"):
        dcc_xml(replace(CALIBRATION, environment=(Condition(Words("Nhiệt độ"), "°C", "ấm", "23"),)))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("\\kilo\\pascal", "kPa", "D-SI"),
        ("basic_measuredValue", "basic_measuredvalue", "refType"),
        (">pass pass", ">fail pass", "is stated as fail"),
        ("<si:uncertaintyXMLList>1.3 ", "<si:uncertaintyXMLList>", "lengths"),
    ],
)
def test_what_the_schema_does_not_see_is_found(old: str, new: str, fault: str) -> None:
    content = dcc_xml(CALIBRATION).decode()
    assert old in content
    assert any(fault in found for found in content_faults(content.replace(old, new).encode()))


def test_the_schema_finds_a_missing_field() -> None:
    content = dcc_xml(CALIBRATION).replace(b"<dcc:uniqueIdentifier>C26-00417</dcc:uniqueIdentifier>", b"")
    assert schema_faults(content)


@pytest.mark.parametrize(
    ("unit", "spelling"),
    [
        ("", r"\one"),
        ("kPa", r"\kilo\pascal"),
        ("°C", r"\degreecelsius"),
        ("%RH", r"\percent"),
        ("kg", r"\kilogram"),
        ("mg", r"\milli\gram"),
        ("m³/h", r"\metre\tothe{3}\hour\tothe{-1}"),
        ("N·m", r"\newton\metre"),
        ("µm/m", r"\micro\metre\metre\tothe{-1}"),
        ("μV", r"\micro\volt"),
        ("kWh", r"\kilo\watt\hour"),
        ("cm^2", r"\centi\metre\tothe{2}"),
        ("min", r"\minute"),
        ("mmHg", r"\mmHg"),
    ],
)
def test_units_are_spelt_as_d_si_does(unit: str, spelling: str) -> None:
    assert dsi_unit(unit) == spelling
    assert is_dsi(spelling)


@given(st.text(max_size=12))
def test_any_text_is_a_spelt_unit_or_refused(text: str) -> None:
    try:
        assert is_dsi(dsi_unit(text))
    except UnitError:
        return


def test_prefixes_are_converted_and_other_units_are_not() -> None:
    assert conversion("µm", "mm") == Decimal("0.001")
    assert conversion("cm^2", "m²") == Decimal("0.0001")
    assert conversion("kPa", "bar") is None
    assert conversion("cái", "mm") is None


def test_every_verdict_has_its_word_in_the_dcc() -> None:
    rows = tuple((str(i), "1", verdict.value) for i, verdict in enumerate(Verdict))
    columns = (COLUMNS[0], Column("e", Words("Sai số"), "V", Role.ERROR), COLUMNS[9])
    content = dcc_xml(replace(CALIBRATION, results=(ResultTable(Words("x"), columns, rows),)))
    assert texts(content, "//dcc:conformityXMLList/text()") == ["pass fail conditionalPass conditionalFail"]
    assert schema_faults(content) == []
