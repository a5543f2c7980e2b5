"""Logger files in the shapes that loggers write, and what is no such file; gaps and excursions of a room's record."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from instruments.logger_file import LoggerFileError, read_logger_file
from instruments.room_record import Reading, examine

AT = datetime(2026, 11, 5, 8, 30)


@pytest.mark.parametrize("text", [
    "Date;Time;Temperature [°C];Humidity [%RH]\n05/11/2026;08:30:00;20,1;55,2\n",
    "Date/Time,Temp(°C),RH(%)\n2026-11-05 08:30:00,20.1,55.2\n",
    "Testo 175 H1\nSerial: 45881207\n\nNgày giờ\tNhiệt độ\tĐộ ẩm\n05.11.2026 08:30\t20,1\t55,2\n",
    'Timestamp,"Temperature, °C","Humidity, %RH"\n2026-11-05T08:30:00,"20,1","55,2"\n',
    "No.;Date;Time;Temp;Hum\n1;05/11/26;08:30;20.1;55.2\n",
    "Thời gian;Nhiệt độ (°C);Độ ẩm (%)\n05/11/2026 08:30;20,1 °C;55,2 %\n",
    "Index,Time,Celsius Temp(C),Dew Point(C),Humidity(%rh)\n1,05/11/2026 8:30:00 AM,20.1,10.9,55.2\n",
    # As named shapes of loggers sold in Vietnam write them: Lascar EasyLog, Elitech, Onset HOBO, Windows in Vietnamese
    "Phong Ap suat,Time,Celsius(°C),Humidity(%rh),Dew Point(°C),Serial Number\n"
    "1,05/11/2026 08:30:00,20.1,55.2,11.2,010012345\n",
    "Device Model,GSP-6\n\nNo.,Time,Temperature°C,Humidity%RH\n1,2026-11-05 08:30:00,20.1,55.2\n",
    '"Plot Title: P"\n"#","Date Time, GMT+07:00","Temp, °C (LGR S/N: 1)","RH, % (LGR S/N: 1)"\n'
    "1,05/11/26 08:30:00 AM,20.1,55.2\n",
    "Ngày giờ;Nhiệt độ;Độ ẩm\n05/11/2026 8:30:00 SA;20,1;55,2\n",
    "timestamp,temperature,humidity\n2026-11-05T08:30:00+07:00,20.1,55.2\n",
    "timestamp,temperature,humidity\n2026-11-05T01:30:00Z,20.1,55.2\n",
])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_usual_shapes_give_the_same_reading(text: str, encoding: str) -> None:
    found = read_logger_file(text.encode(encoding))
    assert [(one.at, one.quantity, one.value) for one in found.values] == [
        (AT, "humidity", Decimal("55.2")), (AT, "temperature", Decimal("20.1"))]


def test_the_month_comes_first_where_a_number_above_twelve_shows_it() -> None:
    text = "Date,Time,Temp\n11/05/2026,08:30,20.1\n11/25/2026,08:30,20.2\n"
    assert [one.at for one in read_logger_file(text.encode()).values] == [AT, datetime(2026, 11, 25, 8, 30)]


def test_rows_without_a_value_are_skipped_and_pressure_is_read() -> None:
    text = "Date time;Pressure hPa;Temp\n05/11/2026 08:30;1012,5;---\n05/11/2026 08:40;;20,0\n"
    assert [(one.quantity, str(one.value)) for one in read_logger_file(text.encode()).values] == [
        ("pressure", "1012.5"), ("temperature", "20.0")]


def test_the_afternoon_is_told_in_vietnamese_and_a_day_turns_with_the_offset() -> None:
    text = "Ngày giờ;Nhiệt độ\n05/11/2026 2:00:00 CH;20\n05/11/2026 12:05:00 SA;21\n2026-11-05T20:00:00-01:30;22\n"
    assert [(one.at, int(one.value)) for one in read_logger_file(text.encode()).values] == [
        (datetime(2026, 11, 5, 0, 5), 21), (datetime(2026, 11, 5, 14), 20), (datetime(2026, 11, 6, 4, 30), 22)]


@pytest.mark.parametrize(("head", "typed", "stands"), [
    ("Áp suất (kPa)", "100,34", "1003.4"), ("Pressure [Pa]", "100340", "1003.4"),
    ("Pressure, mbar", "1003.4", "1003.4"),
    ("Áp suất (mmHg)", "752,5", "1003.25"), ("Áp suất hPa", "1.003,4", "1003.4"), ("Pressure", "1,003.4", "1003.4"),
    ("Barometric pressure (inHg)", "29.63", "1003.39")])
def test_pressure_is_turned_into_hectopascals(head: str, typed: str, stands: str) -> None:
    """1 mmHg = 133.322 387 415 Pa, 1 inHg = 3386.388 640 341 Pa (NIST SP 811, B.8)."""
    (found,) = read_logger_file(f"Date time;{head}\n05/11/2026 08:30;{typed}\n".encode()).values
    assert str(found.value) == stands


@pytest.mark.parametrize("head", ["Temperature (°F)", "Temp [F]", "Fahrenheit temp", "Temperature (K)"])
def test_a_temperature_that_is_not_in_degrees_celsius_is_refused(head: str) -> None:
    with pytest.raises(LoggerFileError, match="not in °C") as refused:
        read_logger_file(f"Date time;{head}\n05/11/2026 08:30;68,2\n".encode())
    assert refused.value.line == 1


@pytest.mark.parametrize(("content", "line"), [
    (b"", 0), (b"PK\x03\x04" + b"x" * 100, 0), (b"\x00\x01\x02" * 50, 0), (b"a;b;c\n1;2;3\n", 0),
    (b"Date;Temp\n32/01/2026 08:00;20\n", 2), (b"Date;Temp\n05/11/2026 08:00;=1+1\n", 2),
    (b"Date;Temp\n05/11/2026 08:00;1e9\n", 2), (b"Date;Temp\n05/11/2026 08:00;500\n", 2),
    (b"Date;Temp\n05/11/2026 08:00;20\n05/11/2026 08:00;21\n", 3), (b"Date;Temp\n", 0),
    (b"Date;Temp\n05/11/2026 08:00;" + b"9" * 5000 + b"\n", 2), (b"Date;Temp\n" + b";" * 500 + b"1\n", 2),
    (b"x" * (9 * 1024 * 1024), 0), (b"Date;Temp\n05/11/2026 08:00;nan\xb2\n", 2),
    (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', 0),
])
def test_what_is_no_logger_file_is_refused_at_its_line(content: bytes, line: int) -> None:
    with pytest.raises(LoggerFileError) as refused:
        read_logger_file(content)
    assert refused.value.line == line
    assert refused.value.text.vi


def every(minutes: int, values: list[str], start: datetime = AT) -> list[Reading]:
    return [Reading(start + timedelta(minutes=minutes * place), Decimal(value)) for place, value in enumerate(values)]


LIMITS = {"lower": Decimal(18), "upper": Decimal(22), "longest_gap": timedelta(minutes=30)}


def test_a_covered_period_inside_its_limits_has_no_findings() -> None:
    readings = every(15, ["20", "22", "18", "21", "20"])
    assert examine(readings, AT, AT + timedelta(minutes=60), **LIMITS) == ()
    assert examine(readings, AT + timedelta(minutes=5), AT + timedelta(minutes=20), **LIMITS) == ()


def test_nothing_recorded_is_one_gap() -> None:
    end = AT + timedelta(hours=2)
    (gap,) = examine([], AT, end, **LIMITS)
    assert (gap.kind, gap.begin, gap.end) == ("gap", AT, end)


def test_a_reading_that_is_still_to_come_is_no_gap_until_it_is_late() -> None:
    readings = every(15, ["20", "20"])
    last = AT + timedelta(minutes=15)
    for minutes, gaps in ((10, []), (30, []), (31, [(last, last + timedelta(minutes=31))])):
        now = last + timedelta(minutes=minutes)
        found = examine(readings, AT, now, **LIMITS, known_until=now)
        assert [(one.begin, one.end) for one in found] == gaps
    asked = examine(readings, AT, last + timedelta(minutes=10), **LIMITS, known_until=AT + timedelta(hours=9))
    assert [(one.begin, one.end) for one in asked] == [(last, last + timedelta(minutes=10))]
    assert [one.kind for one in examine([], AT, AT, **LIMITS, known_until=AT)] == ["gap"]


def test_a_hole_in_the_middle_is_a_gap_from_reading_to_reading() -> None:
    readings = [*every(15, ["20", "20"]), *every(15, ["20", "20"], AT + timedelta(minutes=75))]
    (gap,) = examine(readings, AT, AT + timedelta(minutes=90), **LIMITS)
    assert (gap.kind, gap.begin, gap.end) == ("gap", AT + timedelta(minutes=15), AT + timedelta(minutes=75))


def test_an_excursion_lasts_while_readings_stay_outside_and_names_its_extreme() -> None:
    readings = every(15, ["20", "22.1", "23.4", "22.5", "20", "17.9"])
    found = examine(readings, AT, AT + timedelta(minutes=75), **LIMITS)
    assert [(one.kind, one.begin, one.end, one.extreme) for one in found] == [
        ("excursion", AT + timedelta(minutes=15), AT + timedelta(minutes=45), Decimal("23.4")),
        ("excursion", AT + timedelta(minutes=75), AT + timedelta(minutes=75), Decimal("17.9"))]


def test_without_limits_only_gaps_are_found() -> None:
    found = examine(every(15, ["99", "99"]), AT, AT + timedelta(minutes=15), lower=None, upper=None,
                    longest_gap=timedelta(minutes=30))
    assert found == ()
