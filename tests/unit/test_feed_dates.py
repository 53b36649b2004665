"""Dates out of feeds: what is an instant, what only a day, and what cannot be told."""

from datetime import UTC, date, datetime

import pytest

from services.ingest.parse.feeds.dates import read_when


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # from the year on


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("Sat, 07 Sep 2002 00:00:01 GMT", at(2002, 9, 7, 0, 0, 1)),
        ("Sat, 7 Sep 2002 00:00:01 GMT", at(2002, 9, 7, 0, 0, 1)),
        ("7 Sep 02 00:00 UT", at(2002, 9, 7)),
        ("7 Sep 99 00:00 Z", at(1999, 9, 7)),
        ("7 Sep 102 00:00 Z", at(2002, 9, 7)),
        ("Sat, 07 Sep 2002 00:00:01 EST", at(2002, 9, 7, 5, 0, 1)),
        ("Sat, 07 Sep 2002 00:00:01 EDT", at(2002, 9, 7, 4, 0, 1)),
        ("Sat, 07 Sep 2002 00:00:01 PST", at(2002, 9, 7, 8, 0, 1)),
        ("Sat, 07 Sep 2002 00:00:01 A", at(2002, 9, 7, 0, 0, 1)),
        ("Sat, 07 Sep 2002 06:00:01 +0600", at(2002, 9, 7, 0, 0, 1)),
        ("Sat, 07 Sep 2002 06:00:01 +06:00", at(2002, 9, 7, 0, 0, 1)),
        ("Sat, 07 Sep 2002 06:00:01 +06", at(2002, 9, 7, 0, 0, 1)),
        ("Sat, 07 Sep 2002 00:00:01 -0030", at(2002, 9, 7, 0, 30, 1)),
        ("Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", at(2020, 11, 12, 17)),
        ("Sun, 17 Dec 2017 1:55 PM EST", at(2017, 12, 17, 18, 55)),
        ("Sun, 17 Dec 2017 12:05 a.m. GMT", at(2017, 12, 17, 0, 5)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", at(2016, 12, 31, 23, 59, 59)),
        ("Mon, 16th Nov 2020 13:16:28 GMT", at(2020, 11, 16, 13, 16, 28)),
        ("Do, 29 Mär 2018 00:00:00 +0200", at(2018, 3, 28, 22)),
        ("mar., 01 déc. 2020 16:11:02 +0000", at(2020, 12, 1, 16, 11, 2)),
        ("13 декабря 2025 г., 10:15 MSK", at(2025, 12, 13, 7, 15)),
        ("Sat, 11 04 2020 08:51:49 +0100", at(2020, 4, 11, 7, 51, 49)),
        ("09/15/2014 4:20 pm PST", at(2014, 9, 16, 0, 20)),
        ("2003-12-13T18:30:02Z", at(2003, 12, 13, 18, 30, 2)),
        ("2003-12-13t18:30:02.25+01:00", at(2003, 12, 13, 17, 30, 2, 250_000)),
        ("2003-12-13T18:30:02.123456789Z", at(2003, 12, 13, 18, 30, 2, 123_456)),
        ("2020-11-08T16:20:00-05:00Z", at(2020, 11, 8, 21, 20)),
        ("2018-10-23 04:07:42 +00:00", at(2018, 10, 23, 4, 7, 42)),
        ("1520932969", at(2018, 3, 13, 9, 22, 49)),
        ("1520932969000", at(2018, 3, 13, 9, 22, 49)),
    ],
)
def test_a_time_with_its_offset_is_an_instant_in_utc(text: str, instant: datetime) -> None:
    assert read_when(text) == instant


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("1 March 2026", date(2026, 3, 1)),
        ("March 1, 2026", date(2026, 3, 1)),
        ("26 Sep 2022 GMT", date(2022, 9, 26)),
        ("30.10.23", date(2023, 10, 30)),
        ("2023/10/30", date(2023, 10, 30)),
        ("Fri, 26/06/2020", date(2020, 6, 26)),
        # Without an offset, or with a name that has many meanings, only the day is believed.
        ("2018-12-12T12:12", date(2018, 12, 12)),
        ("Mon, 09 Apr 2018, 16:04", date(2018, 4, 9)),
        ("Wed, 2 Oct 2002 13:00 IST", date(2002, 10, 2)),
        ("Thu, 25 Feb 2016 00:00:00 Europe/Brussels", date(2016, 2, 25)),
        ("Thu Nov 12 10:00:00 2020", date(2020, 11, 12)),
    ],
)
def test_what_has_no_offset_is_a_day(text: str, day: date) -> None:
    assert read_when(text) == day
    assert not isinstance(read_when(text), datetime)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "Nov. 2020",
        "2020",
        "31 Feb 2020",
        "2020-13-01",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:60:00Z",
        "2020-01-01T10:xx",
        "2020-01-01T00:00:00+25:00",
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "03/04/2020",
        "20 May 2020 or 21 May 2020",
        "2020-01-01 and more",
        "٢٠٢٠-٠١-٠١",
        "1 Jan 2020" + " " * 100,
    ],
)
def test_what_cannot_be_told_is_none(text: str) -> None:
    assert read_when(text) is None
