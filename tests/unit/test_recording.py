from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePath

import orjson
import pytest

from services.ingest.domain import Observation
from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from services.ingest.recording import (
    DocumentRecord,
    EventsRecord,
    read_events,
    read_manifest,
    source_named,
)
from shared.envelope import article_hash
from shared.events import ArticleReleased, ArticleWithdrawn, ArticleWithheld
from shared.hashing import text_hash
from shared.news import Article
from shared.testing.builders import ARTICLE_ID, article, rate
from tests.builders import at

FOLDER = PurePath("/recordings")
NOW = at(9)
DOCUMENT = """
[[record]]
file = "page.txt"
source = "steppe-courier"
observed_at = 2026-03-02T06:10:00Z
"""


# --- manifests ----------------------------------------------------------------------------------


def test_a_manifest_gives_its_records_in_its_order() -> None:
    text = """
        [[source]]
        id = "steppe-courier"
        name = "Steppe Courier"
        rights = "Free."

        [[record]]
        file = "days/2026-03-02.txt"
        source = "steppe-courier"
        observed_at = 2026-03-02T11:10:00+05:00

        [[record]]
        events = "withdrawal.ndjson"

        [[record]]
        file = "other.txt"
        source = "silk-road-bulletin"
        observed_at = 2026-03-01T06:10:00Z
    """

    assert read_manifest(text, FOLDER) == [
        DocumentRecord(
            PurePath("/recordings/days/2026-03-02.txt"),
            Source("steppe-courier", "Steppe Courier", "Free."),
            datetime(2026, 3, 2, 6, 10, tzinfo=UTC),
        ),
        EventsRecord(PurePath("/recordings/withdrawal.ndjson")),
        DocumentRecord(
            PurePath("/recordings/other.txt"),
            Source("silk-road-bulletin"),
            datetime(2026, 3, 1, 6, 10, tzinfo=UTC),
        ),
    ]


def test_a_manifest_has_a_record() -> None:
    assert read_manifest("record = []", FOLDER) == Problem(
        "manifest-invalid", "manifest.toml", "expected at least one [[record]], found none"
    )


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        pytest.param("no toml", "after a key", id="not TOML"),
        pytest.param("", "Field required", id="no records"),
        pytest.param("record = 7", "valid tuple", id="records that are none"),
        pytest.param(DOCUMENT + "speed = 2", "Extra inputs", id="unknown key of a record"),
        pytest.param("speed = 2" + DOCUMENT, "Extra inputs", id="unknown key"),
        pytest.param(
            DOCUMENT.replace("file", "# "), "expected file or push with source and", id="no file"
        ),
        pytest.param(
            DOCUMENT.replace("source", "# "), "expected file or push with source", id="no source"
        ),
        pytest.param(DOCUMENT.replace("observed_at", "# "), "expected file", id="no time"),
        pytest.param(
            DOCUMENT + 'events = "e.ndjson"', "expected file or push with source", id="both kinds"
        ),
        pytest.param(
            "[[record]]", "expected file or push with source and observed_at", id="neither"
        ),
        pytest.param(DOCUMENT.replace("page.txt", ""), "expected file", id="empty name"),
        pytest.param(DOCUMENT.replace("00Z", "00"), "timezone", id="time without a zone"),
        pytest.param(DOCUMENT.replace("steppe-", "Steppe "), "pattern", id="no source id"),
        pytest.param('[[source]]\nname = "x"' + DOCUMENT, "Field required", id="source, no id"),
        pytest.param("a = " + "[" * 100_000, "lists of lists", id="nested too deep"),
        pytest.param("a = " + "{a=" * 100_000, "lists of lists", id="tables nested too deep"),
        pytest.param("a = " + "9" * 100_000, "limit", id="a number too long"),
        pytest.param("a." * 100_000 + "a = 1", "at most 100 dots in a line", id="a key too long"),
        pytest.param("[" + "a." * 100_000 + "a]", "at most 100 dots", id="a table too deep"),
        pytest.param(DOCUMENT + f"x = 0x{'f' * 100_000}", "Extra inputs", id="a large number"),
        pytest.param(DOCUMENT.replace("p", "\x1b", 1), "Illegal character", id="control character"),
        pytest.param(
            "record = [" + '{events="e"},' * 100_001 + "]", "at most 100000", id="too many"
        ),
        pytest.param(
            f'[[source]]\nid = "x"\nname = "{"n" * 2_001}"' + DOCUMENT, "2000", id="a long name"
        ),
    ],
)
def test_a_manifest_that_is_none_says_what_is_wrong(text: str, detail: str) -> None:
    found = read_manifest(text, FOLDER)

    assert isinstance(found, Problem)
    assert (found.reason, found.where) == ("manifest-invalid", "manifest.toml")
    assert detail in found.detail


@pytest.mark.parametrize("name", ["/etc/passwd", "../page.txt", "days/../../page.txt", ".."])
@pytest.mark.parametrize("key", ["file", "events"])
def test_a_manifest_names_only_what_lies_below_it(key: str, name: str) -> None:
    text = DOCUMENT.replace("page.txt", name) if key == "file" else f'[[record]]\nevents = "{name}"'

    assert read_manifest(text, FOLDER) == Problem(
        "manifest-invalid", "manifest.toml", f"expected a file below it, found “{name}”"
    )


@pytest.mark.parametrize(
    "observed_at",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00Z"],
)
def test_a_time_that_not_every_offset_has_is_none(observed_at: str) -> None:
    found = read_manifest(DOCUMENT.replace("2026-03-02T06:10:00Z", observed_at), FOLDER)

    assert isinstance(found, Problem)
    assert found.reason == "manifest-invalid"
    assert found.detail.startswith("record[0].observed_at: Input should be ")


def test_what_is_wrong_with_a_manifest_is_told_shortly_and_by_its_place() -> None:
    found = read_manifest(DOCUMENT.replace("steppe-", "Steppe ") + "speed = 2", FOLDER)

    assert isinstance(found, Problem)
    assert found.detail == (
        "record[0].source: String should match pattern '^[a-z0-9][a-z0-9-]{0,63}$', "
        "came “Steppe courier”; record[0].speed: Extra inputs are not permitted"
    )


@pytest.mark.parametrize(
    "text",
    [f"{'x' * 1000} = 1", f"{'x' * 1000} ~", f"[{'x' * 1000}]\n[{'x' * 1000}]"],
    ids=["a name", "no TOML", "twice"],
)
def test_a_long_complaint_is_cut(text: str) -> None:
    found = read_manifest(text, FOLDER)

    assert isinstance(found, Problem)
    assert len(found.detail) <= 300


# --- recorded events ----------------------------------------------------------------------------


def line(kind: str, data: object) -> bytes:
    """A line of a file of recorded events."""
    return orjson.dumps({"type": f"newswire.{kind}", "data": data}) + b"\n"


def said(value: Article) -> dict[str, object]:
    return value.model_dump(mode="json")


DECIDED = {
    "article_id": ARTICLE_ID,
    "source": "steppe-courier",
    "reason": "It was a draft.",
    "by": "source",
    "observed_at": "2026-03-03T06:00:00Z",
}


def test_every_type_of_both_streams_is_read_in_order() -> None:
    received, revised = article(), article(headline="Tenge Falls", revision=2)
    change = {"change": "correction", "evidence": {}}
    quoted = rate()
    data = b"".join(
        (
            line("article.received", {"article": said(received)}),
            line("article.revised", {"article": said(revised), "declared": True, **change}),
            line("article.revised", {"article": said(revised), "declared": False, **change}),
            line("rate.observed", {"rate": quoted.model_dump(mode="json")}),
            line("article.withdrawn", DECIDED),
            line("article.withheld", DECIDED),
            line("article.released", DECIDED),
        )
    )

    events, problems = read_events(data, NOW)

    decided = {**DECIDED, "observed_at": at(3)}
    assert problems == []
    assert events[1:3] == [
        Observation(_hashed(revised), declares_usable=True, declared_change="correction"),
        Observation(_hashed(revised), declares_usable=True),
    ]
    assert events[:1] + events[3:] == [
        Observation(_hashed(received), declares_usable=True),
        quoted,
        ArticleWithdrawn.model_validate(decided),
        ArticleWithheld.model_validate(decided),
        ArticleReleased.model_validate(decided),
    ]


def _hashed(value: Article) -> Article:
    return value.model_copy(update={"content_hash": article_hash(value)})


def test_the_hashes_of_a_recorded_article_are_ours_whatever_it_says() -> None:
    forged = article(content_hash="0" * 64, text_hash="0" * 64)

    (event,), _ = read_events(line("article.received", {"article": said(forged)}), NOW)

    assert isinstance(event, Observation)
    assert event.article.text_hash == text_hash(forged.headline, forged.body)
    assert event.article.content_hash == article_hash(forged)


@pytest.mark.parametrize(
    ("bad", "detail"),
    [
        pytest.param(b"{oops}", "unexpected character|expected", id="not JSON"),
        pytest.param(b"\xff\xfe", "utf-8|UTF-8", id="not UTF-8"),
        pytest.param(b"7", "expected a JSON object with type and data", id="no object"),
        pytest.param(b"[1]", "expected a JSON object with type and data", id="a list"),
        pytest.param(b"{}", "expected a type .* found null", id="no type"),
        pytest.param(
            b'{"type": ' + b"[" * 1020 + b"]" * 1020 + b"}", "found a list", id="deep type"
        ),
        pytest.param(b'{"type": "' + b"x" * 800_000 + b'"}', "found “x{59}…”", id="a long type"),
        pytest.param(
            b'{"type": ["a"]}', "expected a type of the streams", id="a type that is none"
        ),
        pytest.param(
            line("article.published", {})[:-1],
            "expected a type of the streams articles or rates, found “newswire.article.published”",
            id="a type of the wire",
        ),
        pytest.param(b'{"type": "newswire.rate.observed"}', "should be an object", id="no data"),
        pytest.param(line("rate.observed", {})[:-1], "Field required", id="a field missing"),
        pytest.param(
            b'{"type": "newswire.rate.observed", "data": {"rate": NaN}}', "expected|NaN", id="NaN"
        ),
        pytest.param(
            line("article.withdrawn", {**DECIDED, "observed_at": "2026-03-03T06:00:00"})[:-1],
            "timezone",
            id="a time without a zone",
        ),
        pytest.param(b'"' + b"x" * 900_000 + b'"', "at most 900000 bytes", id="too long"),
        pytest.param(b"[" * 100_000, ".", id="nested too deep"),
    ],
)
def test_a_bad_line_is_one_problem_and_the_rest_goes_on(bad: bytes, detail: str) -> None:
    good = line("article.withdrawn", DECIDED)

    events, problems = read_events(good + bad + b"\n" + good, NOW)

    assert len(events) == 2
    assert [(one.reason, one.where) for one in problems] == [("event-invalid", "line 2")]
    assert re.search(detail, problems[0].detail)
    assert len(problems[0].detail) <= 300


def test_empty_lines_count_and_say_nothing() -> None:
    events, problems = read_events(b"\n  \r\n" + line("article.withdrawn", DECIDED) + b"\n{", NOW)

    assert len(events) == 1
    assert [one.where for one in problems] == ["line 5"]
    assert read_events(b"", NOW) == ([], [])


def test_of_very_many_bad_lines_two_hundred_problems_are_listed_and_the_last_counts() -> None:
    events, problems = read_events(b"{\n" * 100_000 + line("article.withdrawn", DECIDED), NOW)

    assert len(events) == 1
    assert len(problems) == 200
    assert problems[199] == Problem(
        "event-invalid", "line 200 and after", "and 99801 more: 99801 event-invalid"
    )


def test_what_is_wrong_with_an_event_is_told_by_its_place() -> None:
    bad = said(article()) | {"urgency": 11, "body": ["a", 7], "source": "Steppe Courier"}

    _, problems = read_events(line("article.received", {"article": bad}), NOW)

    assert [one.reason for one in problems] == ["event-invalid"]
    assert problems[0].detail == (
        "data.article.source: String should match pattern '^[a-z0-9][a-z0-9-]{0,63}$', came "
        "“Steppe Courier”; data.article.body[1]: Input should be a valid string, came 7; "
        "data.article.urgency: Input should be less than or equal to 9, came 11"
    )


# --- the envelope -------------------------------------------------------------------------------


def enveloped(kind: str, data: object, **envelope: object) -> bytes:
    """A line of a file of recorded events with more than type and data."""
    return orjson.dumps({"type": f"newswire.{kind}", "data": data, **envelope}) + b"\n"


SUBJECT = f"urn:newswire:article:{ARTICLE_ID}"
RATE = {"rate": rate(as_of="2026-03-02").model_dump(mode="json")}
EVENTS = {
    "article.received": {"article": said(article())},
    "article.withdrawn": DECIDED,
    "rate.observed": RATE,
}


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("article.received", SUBJECT),
        ("article.withdrawn", SUBJECT),
        ("rate.observed", "urn:newswire:rate:steppe-courier:ticker:KZT-USD:2026-03-02"),
    ],
)
def test_an_envelope_that_says_the_same_as_its_data_is_taken(kind: str, subject: str) -> None:
    """What only the log gives is not looked at: it gives its own."""
    data = EVENTS[kind]
    whole = enveloped(
        kind, data, specversion="1.0", source="urn:newswire:source:steppe-courier",
        subject=subject, id="abc", time="yesterday", seq=-1, version=[], recordedtime=None,
    )  # fmt: skip
    nulls = enveloped(kind, data, specversion=None, source=None, subject=None)

    events, problems = read_events(whole + nulls, NOW)

    assert problems == []
    assert len(events) == 2


@pytest.mark.parametrize("kind", EVENTS)
@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("subject", "urn:newswire:article:another", "“urn:newswire:article:another”"),
        ("source", "urn:newswire:source:another", "“urn:newswire:source:another”"),
        ("source", "steppe-courier", "“steppe-courier”"),
        ("specversion", "0.3", "“0.3”"),
        ("specversion", 1.0, "1.0"),
        ("subject", [[]], "a list"),
        ("subject", {"a": 1}, "an object"),
        ("source", "", "“”"),
    ],
)
def test_an_envelope_that_contradicts_its_data_is_a_problem(
    kind: str, name: str, given: object, found: str
) -> None:
    good, bad = enveloped(kind, EVENTS[kind]), enveloped(kind, EVENTS[kind], **{name: given})

    events, problems = read_events(good + bad + good, NOW)

    assert len(events) == 2
    assert [(one.reason, one.where) for one in problems] == [("event-invalid", "line 2")]
    assert problems[0].detail.startswith(f"expected the {name} “")
    assert problems[0].detail.endswith(f"or none, found {found}")


# --- times --------------------------------------------------------------------------------------


def observed(kind: str, observed_at: str) -> bytes:
    """An event that was observed at a time."""
    plain = {"article": said(article()), "rate": rate().model_dump(mode="json"), "decided": DECIDED}
    name, key = {
        "received": ("article.received", "article"),
        "rate": ("rate.observed", "rate"),
        "withdrawn": ("article.withdrawn", "decided"),
    }[kind]
    data = plain[key] | {"observed_at": observed_at}
    return line(name, data if key == "decided" else {key: data})


KINDS = pytest.mark.parametrize("kind", ["received", "rate", "withdrawn"])


@KINDS
def test_an_event_from_the_future_is_a_problem_and_the_rest_goes_on(kind: str) -> None:
    """What was observed in 9999 would make every later observation of its subject stale."""
    soon, later = observed(kind, "2026-03-10T06:00:00Z"), observed(kind, "2026-03-10T06:00:01Z")

    events, problems = read_events(
        soon + later + observed(kind, "9998-01-01T00:00:00Z") + soon, NOW
    )

    assert len(events) == 2
    assert [(one.reason, one.where) for one in problems] == [
        ("date-in-future", "line 2"), ("date-in-future", "line 3"),
    ]  # fmt: skip
    assert problems[0].detail.endswith(
        "observed_at: expected an instant up to 2026-03-10T06:00:00Z, came 2026-03-10T06:00:01Z"
    )


def test_an_article_updated_in_the_future_is_a_problem() -> None:
    """The later of two updates stands: after one in 9998 none would."""
    ahead = said(article()) | {"updated_at": "9998-01-01T00:00:00Z"}

    events, problems = read_events(line("article.received", {"article": ahead}), NOW)

    assert events == []
    assert [one.reason for one in problems] == ["date-in-future"]
    assert problems[0].detail.startswith("data.article.updated_at: ")


@KINDS
@pytest.mark.parametrize(
    "observed_at",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "10000-01-01T00:00:00Z", "noon", ""],
)
def test_an_event_at_a_time_that_not_every_offset_has_is_a_problem(
    kind: str, observed_at: str
) -> None:
    events, problems = read_events(
        observed(kind, observed_at) + observed(kind, "2026-03-01T00:00:00Z"), NOW
    )

    assert len(events) == 1
    assert [one.where for one in problems] == ["line 1"]


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("steppe-courier", "steppe-courier"),
        ("Steppe Courier 2026_03_02", "steppe-courier-2026-03-02"),
        ("  --odd--name--  ", "odd-name"),
        ("Вестник", ""),
        ("Вестник 7", "7"),
        ("", ""),
        ("a" * 70, "a" * 64),
        ("a" * 63 + " b", "a" * 63),
    ],
)
def test_a_source_id_is_made_of_a_name(name: str, expected: str) -> None:
    assert source_named(name) == expected
