"""Events over HTTP: whole CloudEvents without text that was taken back; and who wants them."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from services.api import selection
from services.api.outgoing import Standing, outgoing, texts_of
from services.api.schemas import CloudEventItem
from services.api.selection import Selection
from shared.events import (
    ArticleCanceled,
    ArticlePublished,
    ArticleReinstated,
    ArticleTakenBack,
    WireEvent,
)
from shared.log import Entry
from tests.wire_builders import almaty, carried, entry_of, notice, opened, quoted

TAG = "geonames:1526384"
STORY = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b52"
USABLE = Standing("usable", 0)
CANCELED = Standing("canceled", 43)


def about(event: WireEvent, standing: Standing | None = USABLE) -> dict[str, object]:
    standings = {} if standing is None else dict.fromkeys(("a", "b"), standing)
    shown = outgoing(entry_of("wire", event, 41), standings)
    said: dict[str, object] = orjson.loads(shown.document)
    return said


def test_an_event_is_a_structured_cloud_event() -> None:
    entry = entry_of("wire", carried(headline="Tenge firms"), 41, 3)

    said = orjson.loads(outgoing(entry, {"a": USABLE}).document)

    CloudEventItem.model_validate(said)
    assert list(said) == [
        "specversion", "id", "source", "type", "subject", "time", "recordedtime",
        "datacontenttype", "dataschema", "correlationid", "sequence", "version", "data",
    ]  # fmt: skip
    assert (said["sequence"], said["version"]) == ("00000000000000000041", "3")
    assert said["type"] == "newswire.article.published"
    assert said["source"] == "urn:newswire:source:steppe-courier"
    assert said["data"]["article"]["headline"] == "Tenge firms"


@pytest.mark.parametrize("kind", [ArticlePublished, ArticleReinstated])
@pytest.mark.parametrize(
    ("standing", "redacted"),
    [
        (CANCELED, "canceled"),
        (Standing("withheld", 42), "withheld"),
        (Standing("usable", 42), "withheld"),
        (None, "withheld"),
    ],
)
def test_text_that_was_taken_back_is_left_out_also_when_the_article_is_back(
    kind: type[ArticlePublished | ArticleReinstated], standing: Standing | None, redacted: str
) -> None:
    """Place, id and type stay, so that completeness can be proved. None: the views lack it."""
    whole = about(carried(kind, headline="Secret"))
    said = about(carried(kind, headline="Secret"), standing)

    assert said["data"] == {"article_id": "a", "source": "steppe-courier", "redacted": redacted}
    assert {"dataschema": whole["dataschema"], **said, "data": whole["data"]} == whole
    assert "Secret" not in str(said)


def test_what_is_carried_after_a_notice_is_whole() -> None:
    said = about(carried(ArticleReinstated, headline="Clean"), Standing("usable", 40))

    assert said["data"]["article"]["headline"] == "Clean"  # type: ignore[index]


@pytest.mark.parametrize("event", [notice(ArticleCanceled), notice(ArticleTakenBack), quoted()])
def test_what_holds_no_text_is_never_redacted(event: WireEvent) -> None:
    assert texts_of(entry_of("wire", event)) == frozenset()
    assert about(event, CANCELED) == about(event)
    assert "redacted" not in str(about(event))


@pytest.mark.parametrize(
    ("standings", "redacted"),
    [
        ({"a": USABLE, "b": CANCELED}, "canceled"),
        ({"a": CANCELED, "b": USABLE}, "canceled"),
        ({"a": USABLE, "b": Standing("usable", 42)}, "withheld"),
        ({"a": USABLE}, "withheld"),
    ],
)
def test_the_words_of_a_story_go_with_any_article_that_it_names(
    standings: dict[str, Standing], redacted: str
) -> None:
    entry = entry_of("wire", opened(STORY, "a", "b"), 41)

    whole = orjson.loads(outgoing(entry, {"a": USABLE, "b": USABLE}).document)
    said = orjson.loads(outgoing(entry, standings).document)

    assert texts_of(entry) == {"a", "b"}
    assert whole["data"]["headline"] == "Lorries wait at the border"
    assert said["data"].pop("redacted") == redacted
    assert set(whole["data"]) - set(said["data"]) == {"headline", "evidence"}
    assert "dataschema" not in said


def with_data(entry: Entry, data: bytes) -> Entry:
    return entry._replace(fields={**entry.fields, b"data": data})


def test_an_event_is_one_line_whatever_its_writer_made_of_its_data() -> None:
    entry = entry_of("wire", quoted())

    spread = outgoing(with_data(entry, b'{"a":\r\n "b\\nc"}'), {}).document
    broken = outgoing(with_data(entry, b"{'a'"), {}).document

    assert b"\n" not in spread
    assert b"\r" not in spread
    assert orjson.loads(spread)["data"] == {"a": "b\nc"}
    assert orjson.loads(broken)["data"] is None


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Selection(), "article notice rate story"),
        (selection.selection(["article.published"], [], []), "article"),
        (selection.selection(["newswire.rate.quoted", "article.canceled"], [], []), "notice rate"),
        (selection.selection([], [TAG], []), "article notice"),
        (selection.selection([], [TAG, "iso3166:UZ"], []), "notice"),
        (selection.selection([], [], ["steppe-courier", "other"]), "article notice rate story"),
        (selection.selection([], [], ["other"]), ""),
        (selection.selection(["article.published"], ["iso3166:UZ"], []), ""),
    ],
)
def test_every_condition_must_hold_and_notices_pass_a_filter_by_tags(
    wanted: Selection, taken: str
) -> None:
    events = {
        "article": carried(tags=(almaty(),)),
        "notice": notice(ArticleCanceled),
        "rate": quoted(),
        "story": opened(STORY, "a"),
    }

    found = [
        name
        for name, event in events.items()
        if wanted.takes(outgoing(entry_of("wire", event), {"a": USABLE}))
    ]

    assert found == taken.split()


def test_what_was_taken_back_since_passes_a_filter_by_tags_as_its_notice_does() -> None:
    event = outgoing(entry_of("wire", carried(tags=(almaty(),))), {"a": CANCELED})

    assert selection.selection([], ["iso3166:UZ"], []).takes(event)
    assert not selection.selection(["rate.quoted"], ["iso3166:UZ"], []).takes(event)
    assert not selection.selection([], [TAG], []).takes(replace(event, tags=frozenset()))
