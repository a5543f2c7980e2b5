"""Foreign digital calibration certificates are read; what is none, or hostile, is refused quickly."""
from __future__ import annotations

import resource
import time
from datetime import date
from pathlib import Path

import pytest

from certificates.dcc_reading import MAX_BYTES, DccUnreadable, read_dcc, value_tables

EXAMPLES = Path(__file__).parent / "dcc_examples"
HEAD = ('<?xml version="1.0"?><dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" '
        'xmlns:si="https://ptb.de/si">')
TEMPERATURE = [("33.17", "33.098"), ("100.06", "99.971"), ("175.21", "175.103"), ("250.16", "250.169"),
               ("319.92", "320.004")]


@pytest.mark.parametrize("name", ["valid.xml", "dcc_gp_temperature_typical_v12.xml",
                                  "dcc_gp_temperature_typical_adjustment_v12.xml"])
def test_a_thermometer_is_read_in_the_unit_of_the_register(name: str) -> None:
    dcc = read_dcc((EXAMPLES / name).read_bytes())
    table = value_tables(dcc, "°C")[0]
    assert (dcc.laboratory, dcc.performed_on, dcc.serial) == (
        "Kalibrierfirma GmbH", date(1957, 8, 13), "string-manufacturer-item")
    assert (table.unit, table.spread_unit, table.values) == ("°C", "K", True)
    assert [(row.nominal, row.value) for row in table.rows] == TEMPERATURE
    assert {(row.uncertainty, row.coverage) for row in table.rows} == {("0.061", "2")}


def test_the_same_file_in_kelvin_takes_the_other_column() -> None:
    table = value_tables(read_dcc((EXAMPLES / "valid.xml").read_bytes()), "K")[0]
    assert (table.unit, table.spread_unit, table.rows[0].nominal) == ("K", "", "306.32")


def test_a_hygrometer_keeps_an_uncertainty_of_its_own_at_each_point() -> None:
    table = value_tables(read_dcc((EXAMPLES / "dcc_gp_humidity_v1.0.xml").read_bytes()), "1")[0]
    assert [row.uncertainty for row in table.rows] == ["0.006", "0.008", "0.010", "0.011", "0.010", "0.008", "0.006"]


def test_errors_alone_become_corrections_of_the_opposite_sign() -> None:
    text = (EXAMPLES / "valid.xml").read_text().replace("basic_referenceValue", "other_value")
    table = value_tables(read_dcc(text.encode()), "°C")[0]
    assert (table.values, [row.value for row in table.rows]) == (
        False, ["-0.072", "-0.089", "-0.107", "0.009", "0.084"])


LAUGHS = ('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + at)} "{("&" + chr(97 + at) + ";") * 10}">' for at in range(9)) + "]><l>&j;</l>").encode()
HOSTILE = {
    "a document type with an external entity": b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM '
                                               b'"file:///etc/passwd">]><d>&x;</d>',
    "a billion laughs": LAUGHS,
    "the same in UTF-16": LAUGHS.decode().encode("utf-16"),
    "a quadratic blow-up": b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x "' + b"x" * 100_000 + b'">]><d>'
                           + b"&x;" * 20_000 + b"</d>",
    "too large": b"<?xml version='1.0'?>" + b" " * MAX_BYTES,
    "a pit of elements": (HEAD + "<a>" * 100_000).encode(),
    "a PDF": b"%PDF-1.7 ...",
    "an archive": b"PK\x03\x04" + bytes(1000),
    "another XML": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "nothing": b"",
    "a head without its data": (HEAD + "</dcc:digitalCalibrationCertificate>").encode(),
    "many attributes": b"<?xml version='1.0'?><a " + b" ".join(b"x%d='1'" % at for at in range(100_000)) + b"/>",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_certificate_is_refused_cheaply(kind: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with pytest.raises(DccUnreadable):
        read_dcc(HOSTILE[kind])
    assert time.process_time() - start < 2  # the promise for hostile files (P-S11), ten times what is measured
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_numbers_that_are_none_make_no_column() -> None:
    body = ("<dcc:administrativeData><dcc:coreData/></dcc:administrativeData><dcc:measurementResults>"
            "<dcc:measurementResult><dcc:results><dcc:result><dcc:data><dcc:list>"
            '<dcc:quantity refType="basic_measuredValue"><si:realListXMLList><si:valueXMLList>1 nan 1e999999999999'
            "</si:valueXMLList><si:unitXMLList>\\volt</si:unitXMLList></si:realListXMLList></dcc:quantity></dcc:list>"
            "</dcc:data></dcc:result></dcc:results></dcc:measurementResult></dcc:measurementResults>"
            "</dcc:digitalCalibrationCertificate>")
    assert read_dcc((HEAD + body).encode()).tables == ()
