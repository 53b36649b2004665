"""When a source says that something was: what is an instant, what only a day, what cannot be told.

Every expectation is written out by hand, with the reason where it is not plain.
"""

import time
from datetime import UTC, date, datetime

import pytest

from services.ingest.parse.feeds.dates import When, read_when
from services.ingest.parse.feeds.months import MONTH_BY_NAME, WEEKDAY_BY_NAME, month_of, plain


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # from the year on


def second(*parts: int, east: int | None = 0) -> When:
    return When(at(*parts), None, "second", east)


def minute(*parts: int, east: int | None = 0) -> When:
    return When(at(*parts), None, "minute", east)


def day(year: int, month: int, of_month: int, east: int | None = None) -> When:
    return When(None, date(year, month, of_month), "day", east)


# What feeds print that other readers stumble over, with what can be known of it.
WILD = [
    ("Sun, 17 Dec 2017 1:55 PM EST", minute(2017, 12, 17, 18, 55, east=-300)),  # RFC 822: EST -5
    ("9 Dec 2016 12:00 GMT", minute(2016, 12, 9, 12, 0)),
    ("Friday, December 22, 2017 - 3:09pm", day(2017, 12, 22)),  # no clock is named
    ("Friday, December 8, 2017 - 3:07pm", day(2017, 12, 8)),
    ("Thu, 25 Feb 2016 00:00:00 Europe/Brussels", second(2016, 2, 24, 23, east=60)),  # winter
    ("Mon, 09 Apr 2018, 16:04", day(2018, 4, 9)),
    ("Di, 23 Jan 2018 00:00:00 +0100", second(2018, 1, 22, 23, east=60)),
    ("Do, 29 Mär 2018 00:00:00 +0200", second(2018, 3, 28, 22, east=120)),
    # It was a Monday, not a Wednesday: the date stands, the weekday only repeats it.
    ("mer, 9 avr 2018 00:00:00 +0200", second(2018, 4, 8, 22, east=120)),
    ("1520932969", second(2018, 3, 13, 9, 22, 49, east=None)),  # since 1970; where is not said
    # EDT is -4 by RFC 822, also in a February, when New York keeps EST.
    ("Tue 16 Feb 2016, 23:16:00 EDT", second(2016, 2, 17, 3, 16, 0, east=-240)),
    ("Tue, 16 Feb 2016 23:16:00 EDT", second(2016, 2, 17, 3, 16, 0, east=-240)),
    ("Tue, Feb 16 2016 23:16:00 EDT", second(2016, 2, 17, 3, 16, 0, east=-240)),
    ("March 30 2020 07:02:38 PM", day(2020, 3, 30)),
    ("Mon, 30 Mar 2020 19:53 +0000", minute(2020, 3, 30, 19, 53)),
    ("Mon, 03/30/2020 - 19:19", day(2020, 3, 30)),  # there is no thirtieth month
    ("2018-12-12T12:12", day(2018, 12, 12)),
    ("2020-11-08T16:20:00-05:00Z", day(2020, 11, 8)),  # -05:00 and Z are five hours apart
    ("Nov. 16, 2020, 10:57 a.m.", day(2020, 11, 16)),
    ("Friday 06 November 2020", day(2020, 11, 6)),
    ("Mon, November 16, 2020, 11:12 PM EST", minute(2020, 11, 17, 4, 12, east=-300)),
    ("Lundi, 16. Novembre 2020 - 15:54", day(2020, 11, 16)),
    ("Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", second(2020, 11, 12, 17)),
    # 11 April 2020 was a Saturday, 4 November a Wednesday.
    ("Sat, 11 04 2020 08:51:49 +0100", second(2020, 4, 11, 7, 51, 49, east=60)),
    ("Mon, 16th Nov 2020 13:16:28 GMT", second(2020, 11, 16, 13, 16, 28)),
    ("Nov. 2020", When(None, date(2020, 11, 1), "month", None)),
    ("ven., 03 juil. 2020 15:09:58 +0000", second(2020, 7, 3, 15, 9, 58)),
    ("Fri, 26/06/2020", day(2020, 6, 26)),
    ("Thu, 29 Oct 2020 07:36:03 GMT-07:00", second(2020, 10, 29, 14, 36, 3, east=-420)),
    ("jeu., 02 avril 2020 00:00:00 +0200", second(2020, 4, 1, 22, east=120)),
    ("Jan. 4, 2016, 12:37 p.m.", day(2016, 1, 4)),
    ("2018-10-23 04:07:42 +00:00", second(2018, 10, 23, 4, 7, 42)),
    ("5 August, 2019", day(2019, 8, 5)),
    ("mar., 01 déc. 2020 16:11:02 +0000", second(2020, 12, 1, 16, 11, 2)),  # a Tuesday
    ("Thurs, 15 Oct 2020 00:00:39 +0000", second(2020, 10, 15, 0, 0, 39)),
    ("Thur, 19 Nov 2020 00:00:39 +0000", second(2020, 11, 19, 0, 0, 39)),
    ("26 Sep 2022 GMT", day(2022, 9, 26, east=0)),
    ("Thu, June 22, 2023 at 01:11 PM EDT", minute(2023, 6, 22, 17, 11, east=-240)),
    ("Apr 16, 2023 08:01 GMT", minute(2023, 4, 16, 8, 1)),
    ("Jun 23, 2023 19:00 GMT", minute(2023, 6, 23, 19, 0)),
    ("09/15/2014 4:20 pm PST", minute(2014, 9, 16, 0, 20, east=-480)),
    ("Fri, 23rd Jun 2023 09:32:20 GMT", second(2023, 6, 23, 9, 32, 20)),
    ("Sat, Oct 28 2023 08:28:28 PM", day(2023, 10, 28)),
    ("Monday, October 6, 2023 - 16:29\\n", day(2023, 10, 6)),  # a Friday; a stray \n
    ("10/30/23 21:55:58", day(2023, 10, 30)),
    ("30.10.23", day(2023, 10, 30)),  # between points the day comes first
    ("2023-05-29 00:00:00-13:00", day(2023, 5, 29)),  # no clock on earth is west of -12:00
    ("2023-05-29 00:00:00+15:00", day(2023, 5, 29)),  # nor east of +14:00
]


@pytest.mark.parametrize(("text", "when"), WILD)
def test_what_feeds_print_is_read_as_far_as_it_can_be_known(text: str, when: When) -> None:
    assert read_when(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        # RFC 822 and 2822, with their obsolete forms.
        ("Sat, 07 Sep 2002 00:00:01 GMT", second(2002, 9, 7, 0, 0, 1)),
        ("Sat, 7 Sep 2002 00:00:01 GMT", second(2002, 9, 7, 0, 0, 1)),
        ("7 Sep 02 00:00 UT", minute(2002, 9, 7)),
        ("7 Sep 99 00:00 Z", minute(1999, 9, 7)),
        ("7 Sep 102 00:00 Z", minute(2002, 9, 7)),
        ("Sat,07Sep2002 00:00:01EST", second(2002, 9, 7, 5, 0, 1, east=-300)),
        ("Sat (noon) , 07 Sep 2002 00:00:01 (a) -0030 (b)", second(2002, 9, 7, 0, 30, 1, east=-30)),
        ("Sat, 07 Sep 2002 00:00:01 PST", second(2002, 9, 7, 8, 0, 1, east=-480)),
        ("Sat, 07 Sep 2002 00:00:01 A", second(2002, 9, 7, 0, 0, 1, east=None)),
        ("Sat, 07 Sep 2002 00:00:01 -0000", second(2002, 9, 7, 0, 0, 1, east=None)),
        ("Sat, 07 Sep 2002 06:00:01 +0600", second(2002, 9, 7, 0, 0, 1, east=360)),
        ("Sat, 07 Sep 2002 06:00:01 +06", second(2002, 9, 7, 0, 0, 1, east=360)),
        ("Sat, 07 Sep 2002 06:00:01 −06:00", second(2002, 9, 7, 12, 0, 1, east=-360)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", second(2016, 12, 31, 23, 59, 59)),
        # The C library, date(1), JavaScript.
        ("Thu Nov 12 10:00:00 UTC 2020", second(2020, 11, 12, 10)),
        ("Thu Nov 12 10:00:00 +0500 2020", second(2020, 11, 12, 5, east=300)),
        ("Thu Nov 12 10:00:00 2020", day(2020, 11, 12)),
        ("Thursday, 12-Nov-20 10:00:00 GMT", second(2020, 11, 12, 10)),
        ("12/Nov/2020:10:00:00 +0500", second(2020, 11, 12, 5, east=300)),  # of server logs
        # RFC 3339 and ISO 8601.
        ("2003-12-13T18:30:02Z", second(2003, 12, 13, 18, 30, 2)),
        ("2003-12-13t18:30:02.25+01:00", second(2003, 12, 13, 17, 30, 2, 250_000, east=60)),
        ("2003-12-13T18:30:02,123456789Z", second(2003, 12, 13, 18, 30, 2, 123_456)),
        ("20031213T183002Z", second(2003, 12, 13, 18, 30, 2)),
        ("20031213183002Z", second(2003, 12, 13, 18, 30, 2)),
        ("20031213T1830+0545", minute(2003, 12, 13, 12, 45, east=345)),
        ("2003-12-13T18Z", minute(2003, 12, 13, 18)),
        ("2003-12-13T18,5Z", minute(2003, 12, 13, 18, 30)),
        ("2003-12-13T18:30.25Z", second(2003, 12, 13, 18, 30, 15)),
        ("2003-12-13T24:00:00Z", second(2003, 12, 14)),
        ("2003-W50-6T18:30:02Z", second(2003, 12, 13, 18, 30, 2)),
        ("2003W506", day(2003, 12, 13)),
        ("2003-347", day(2003, 12, 13)),
        ("2003347T183002Z", second(2003, 12, 13, 18, 30, 2)),
        ("20031213", day(2003, 12, 13)),
        ("2003-12-13Z", day(2003, 12, 13, east=0)),
        ("2003-12-13+06:00", day(2003, 12, 13, east=360)),
        ("2003-12-13 18:30:02 UTC", second(2003, 12, 13, 18, 30, 2)),
        ("2003-12-13T18:30:02+0100 (CET)", second(2003, 12, 13, 17, 30, 2, east=60)),
        ("2003-12-13T18:30:02+01:00[Europe/Paris]", second(2003, 12, 13, 17, 30, 2, east=60)),
        ("2003-12-13T18:30:02[Europe/Paris]", second(2003, 12, 13, 17, 30, 2, east=60)),
        ("2003-12", When(None, date(2003, 12, 1), "month", None)),
        ("2003", When(None, date(2003, 1, 1), "year", None)),
        # Since 1970.
        ("1520932969000", second(2018, 3, 13, 9, 22, 49, east=None)),
        ("1520932969.250", second(2018, 3, 13, 9, 22, 49, 250_000, east=None)),
        ("1520932969250000", second(2018, 3, 13, 9, 22, 49, 250_000, east=None)),
    ],
)
def test_the_forms_of_the_standards_are_read(text: str, when: When) -> None:
    assert read_when(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "Samstag, 13. Dezember 2025, 10:15 Uhr MEZ",
        "samedi 13 décembre 2025 à 10h15 +0100",
        "Sábado, 13 de diciembre de 2025 10:15 CET",
        "sáb., 13 dic. 2025 10:15 a. m. CET",
        "sabato 13 dicembre 2025, ore 10:15 CET",
        "sábado, 13 de dezembro de 2025 às 10:15 +01:00",
        "zaterdag 13 december 2025 om 10:15 uur CET",
        "суббота, 13 декабря 2025 г., 12:15 МСК",
        "13 дек. 2025, 12:15 (MSK)",
        "субота, 13 грудня 2025 р. о 11:15 EET",
        "2025 жылғы 13 желтоқсан, сенбі, 14:15 Asia/Almaty",
        "13 желтоқсанда 2025 ж. 14:15 +05",
        "2025-жылдын 13-декабры, ишемби, 15:15 GMT+6",
        "2025-yil 13-dekabr, shanba 14:15 +0500",
        "2025 йил 13 декабрь, шанба, 14:15 UTC+5",
        "шанбе, 13 декабри соли 2025, 14:15 UTC+05:00",
        "13-nji dekabr 2025 ý., 14:15 +05:00",
        "13 Aralık 2025 Cumartesi 12:15 TRT",
        "10:15 CET, Saturday the 13th of December 2025",
        "Sat, 13 Dec 2025 GMT 09:15",
        "Dec 13, 2025 9.15am GMT",
    ],
)
def test_dates_are_read_in_the_languages_of_the_region(text: str) -> None:
    when = read_when(text)

    assert when is not None
    assert (when.at, when.precision) == (at(2025, 12, 13, 9, 15), "minute")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1 Feb 2024 12:00 ALMT", at(2024, 2, 1, 6)),  # +06:00 up to the end of February 2024
        ("1 Apr 2024 12:00 ALMT", at(2024, 4, 1, 7)),
        ("1 Apr 2012 12:00 MSK", at(2012, 4, 1, 8)),  # +04:00 from 2011 to 2014
        ("1 Jul 2025 12:00 ET", at(2025, 7, 1, 16)),
        ("1 Jan 2025 12:00 ET", at(2025, 1, 1, 17)),
        ("1 Jul 2025 12:00 europe/brussels", at(2025, 7, 1, 10)),
        ("1 Jul 2025 12:00 Etc/GMT-5", at(2025, 7, 1, 7)),  # POSIX counts to the west
        ("1 Jul 2025 12:00 -0500 EST", at(2025, 7, 1, 17)),
        ("1 Jul 2025 12:00 +0530 IST", at(2025, 7, 1, 6, 30)),
        ("1 Jul 2025 12:00 am GMT", at(2025, 7, 1)),
        ("1 Jul 2025 12:00 p.m. GMT", at(2025, 7, 1, 12)),
        ("1 Jul 2025 16:29 PM GMT", at(2025, 7, 1, 16, 29)),
    ],
)
def test_a_clock_is_that_of_its_day(text: str, instant: datetime) -> None:
    when = read_when(text)

    assert when is not None
    assert when.at == instant


def test_the_zone_of_a_source_stands_for_what_it_does_not_write() -> None:
    assert read_when("13.12.2025 14:15", "Asia/Almaty") == minute(2025, 12, 13, 9, 15, east=300)
    assert read_when("13.12.2025 14:15 +0000", "Asia/Almaty") == minute(2025, 12, 13, 14, 15)
    assert read_when("13 Dec 2025 14:15 IST", "Asia/Kolkata") == minute(
        2025, 12, 13, 8, 45, east=330
    )
    assert read_when("13 Dec 2025 14:15 IST", "Asia/Almaty") == day(2025, 12, 13)
    assert read_when("13 Dec 2025", "Asia/Almaty") == day(2025, 12, 13)
    assert read_when("13 Dec 2025 14:15", "../../etc/passwd") == day(2025, 12, 13)


@pytest.mark.parametrize("text", ["2025-10-26 02:30", "2025-03-30 02:30"])
def test_a_time_that_comes_twice_or_never_is_a_day(text: str) -> None:
    when = read_when(text, "Europe/Brussels")

    assert when is not None
    assert (when.at, when.day) == (None, date.fromisoformat(text[:10]))


@pytest.mark.parametrize(
    ("text", "of_month"),
    [
        ("1 Jul 2025 12:00", 1),
        ("1 Jul 2025 12:00 IST", 1),  # India, Ireland, Israel
        ("1 Jul 2025 12:00 Nowhere/City", 1),
        ("1 Jul 2025 12:00 +0100 EST", 1),  # six hours apart
        ("1 Jul 2025 13:00 am", 1),
        ("2025-07-01T12:00Z+02:00", 1),
        ("2025-07-01T12:00:00+25:00", 1),
        ("2025-07-01T12:00:00+05:75", 1),
        ("7/13/2025", 13),
        ("13/7/2025", 13),
        ("7/7/2025", 7),
        ("Thu, 3/7/2025", 3),  # the seventh of March was a Friday
        ("03.07.2025", 3),
        ("2025/07/03", 3),
        ("3-7-2025 Thu", 3),
    ],
)
def test_where_the_clock_is_not_known_there_is_a_day(text: str, of_month: int) -> None:
    assert read_when(text) == day(2025, 7, of_month)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31 Feb 2020",
        "2020-13-01",
        "2020-02-30T00:00:00Z",
        "2021-366",
        "2021-W53-1",
        "2020-01-01T24:00:01Z",
        "2020-01-01T00:60:00Z",
        "2020-01-01T00:00:61Z",
        "2020-01-01T10:xx",
        "9999-12-31T23:59:59-11:00",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "03/04/2020",  # 3 April in Europe, 4 March in America
        "Mon, 03/04/2020",  # a Friday or a Wednesday, no Monday
        "03/04/2020 4:20 pm EST",
        "20-11-10",
        "May 5",
        "7 Sep 2",
        "20 May 2020 or 21 May 2020",
        "1 Jan 2020 10:00 or 2 Jan 2020 11:00",
        "2020-01-01 and more",
        "202011",
        "202011160830",  # a day with its time, or thousandths of a second in 1976
        "٢٠٢٠-٠١-٠١",
        "1 Jan 2020 " + "x" * 100,
    ],
)
def test_what_cannot_be_told_is_none(text: str) -> None:
    assert read_when(text) is None


@pytest.mark.parametrize("clock", ["GMT", "+0000", "-0000", "-0530", "+1400", "+1500", "+0575"])
@pytest.mark.parametrize("said", ["7 Sep 2002 23:59:60", "29 Feb 2024 24:00:00"])
def test_the_usual_form_is_read_like_any_other(said: str, clock: str) -> None:
    # A name of several letters in lower case is none of the usual form.
    assert read_when(f"{said} {clock}") == read_when(f"{said.lower()} {clock}") is not None


@pytest.mark.parametrize("clock", ["Z", "+00:00", "-00:00", "-05:30", "+14:00", "+15:00"])
def test_the_usual_form_of_rfc_3339_is_read_like_any_other(clock: str) -> None:
    usual = read_when(f"2024-02-29T23:59:60{clock}")

    assert usual == read_when(f"2024-02-29 23:59:60{clock}") is not None


def test_of_several_languages_a_name_has_one_meaning() -> None:
    # Of what is both a month and a weekday there is one: March, and Tuesday of three languages.
    assert MONTH_BY_NAME.keys() & WEEKDAY_BY_NAME.keys() == {"mar"}
    assert [month_of(plain(name)) for name in ("Mayıs", "МАЙ", "mai", "мая", "may")] == [5] * 5
    assert month_of("monday") is None


HOSTILE = ("1", " ", "1 ", "a", "(", "()", "1:", "10:00 ", "gmt+", "+1", "a/", "a/+", "mar ", "1/",
           "²", "\u0301", "2020-", "[", "\\n", "t10:")  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_long_text_takes_no_more_time_than_its_length(text: str) -> None:
    begin = time.process_time()
    assert read_when(text * (4_000_000 // len(text))) is None
    for size in range(1, 100):
        read_when(text * size)
    assert time.process_time() - begin < 5.0
