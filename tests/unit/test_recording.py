from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePath

import orjson
import pytest

from services.ingest.domain import Observation, article_hash
from services.ingest.observe import Source
from services.ingest.parse.document import Problem
from services.ingest.recording import (
    DocumentRecord,
    EventsRecord,
    read_events,
    read_manifest,
    source_named,
)
from shared.events import ArticleReleased, ArticleWithdrawn, ArticleWithheld
from shared.hashing import text_hash
from shared.news import Article
from shared.testing.builders import ARTICLE_ID, article, rate
from tests.builders import at

FOLDER = PurePath("/recordings")
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


def test_a_manifest_may_have_no_records() -> None:
    assert read_manifest("record = []", FOLDER) == []


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        pytest.param("no toml", "after a key", id="not TOML"),
        pytest.param("", "Field required", id="no records"),
        pytest.param("record = 7", "valid tuple", id="records that are none"),
        pytest.param(DOCUMENT + "speed = 2", "Extra inputs", id="unknown key of a record"),
        pytest.param("speed = 2" + DOCUMENT, "Extra inputs", id="unknown key"),
        pytest.param(DOCUMENT.replace("file", "# "), "expected file, source and", id="no file"),
        pytest.param(DOCUMENT.replace("source", "# "), "expected file, source", id="no source"),
        pytest.param(DOCUMENT.replace("observed_at", "# "), "expected file", id="no time"),
        pytest.param(DOCUMENT + 'events = "e.ndjson"', "expected file, source", id="both kinds"),
        pytest.param("[[record]]", "expected file, source and observed_at", id="neither"),
        pytest.param(DOCUMENT.replace("page.txt", ""), "expected file", id="empty name"),
        pytest.param(DOCUMENT.replace("00Z", "00"), "timezone", id="time without a zone"),
        pytest.param(DOCUMENT.replace("steppe-", "Steppe "), "pattern", id="no source id"),
        pytest.param('[[source]]\nname = "x"' + DOCUMENT, "Field required", id="source, no id"),
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
        "manifest-invalid", "manifest.toml", f"expected a file below it, found {name}"
    )


def test_a_long_complaint_is_cut_at_300_characters() -> None:
    found = read_manifest(f"{'x' * 1000} = 1", FOLDER)

    assert isinstance(found, Problem)
    assert len(found.detail) == 300
    assert found.detail.endswith("…")


# --- recorded events ----------------------------------------------------------------------------


def line(kind: str, data: object) -> bytes:
    """A line of a file of recorded events."""
    return orjson.dumps({"type": f"newswire.{kind}", "data": data}) + b"\n"


def said(value: Article) -> object:
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

    events, problems = read_events(data)

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

    (event,), _ = read_events(line("article.received", {"article": said(forged)}))

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
        pytest.param(b"{}", "expected a type .* found None", id="no type"),
        pytest.param(
            b'{"type": ["a"]}', "expected a type of the streams", id="a type that is none"
        ),
        pytest.param(
            line("article.published", {})[:-1],
            "expected a type of the streams articles or rates, found newswire.article.published",
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

    events, problems = read_events(good + bad + b"\n" + good)

    assert len(events) == 2
    assert [(one.reason, one.where) for one in problems] == [("event-invalid", "line 2")]
    assert re.search(detail, problems[0].detail)
    assert len(problems[0].detail) <= 300


def test_empty_lines_count_and_say_nothing() -> None:
    events, problems = read_events(b"\n  \r\n" + line("article.withdrawn", DECIDED) + b"\n{")

    assert len(events) == 1
    assert [one.where for one in problems] == ["line 5"]
    assert read_events(b"") == ([], [])


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
