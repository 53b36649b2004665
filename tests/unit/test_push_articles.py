"""What a partner sends of an article is what the log gets, or a fault that says where."""

from __future__ import annotations

from datetime import UTC, date, datetime

import orjson
import pytest

from services.ingest.domain import Observation
from services.ingest.identity import article_id
from services.ingest.push.articles import observation
from services.ingest.push.items import NotTaken, Seen
from shared.hashing import sha256
from shared.news import Article, Media
from tests.builders import at
from tests.push_door import SOURCE, pushed

NOW = at(9)


def seen(said: object, *sources: str) -> Observation | NotTaken:
    """What becomes of an item that was seen on March 9."""
    return observation(Seen(orjson.dumps(said), sources or (SOURCE,), NOW))


def article(**changes: object) -> Article:
    """The article of an item that is taken."""
    found = seen(pushed(**changes))
    assert isinstance(found, Observation), found
    return found.article


def faults(said: object, *sources: str) -> dict[str, str]:
    """What is wrong with an item, by path."""
    found = seen(said, *sources)
    assert isinstance(found, NotTaken), found
    return {fault.path: fault.message for fault in found.faults}


def test_everything_that_a_partner_says_is_in_the_article() -> None:
    said = pushed(
        summary="Four ferries.",
        authors=["Serik Abenov"],
        language="en-GB",
        categories=["Transport"],
        dateline="PAVLODAR, Kazakhstan",
        media=[{"url": "https://irt.example/a.jpg", "media_type": "image/jpeg", "caption": "Yard"}],
        url="https://irt.example/882",
        published_at="2026-03-09T10:00:00+05:00",
        updated_at="2026-03-09T05:30:00Z",
        embargoed_until="2026-03-12T09:00:00Z",
        urgency=3,
        ednote="Embargoed.",
        slugline="FERRY",
        located=" Pavlodar\n",
        source_version="2",
        declared_tags=[
            {"kind": "subject", "scheme": "medtop", "code": "20000337", "relevance": 90},
            {"kind": "place", "name": "Pavlodar", "code": ""},
        ],
        associations=[
            {"rel": "related", "item_id": "irt-0", "headline": "Ferries ordered"},
            {"rel": "video", "url": "https://irt.example/v"},
        ],
        rights="All rights reserved.",
        credit="Irtysh Telegraph",
    )
    found = seen(said)

    assert isinstance(found, Observation)
    assert found.article.model_dump(exclude={"content_hash", "text_hash", "document"}) == {
        "article_id": article_id(SOURCE, "id:irt-1"),
        "source": SOURCE,
        "credit": "Irtysh Telegraph",
        "source_item_id": "irt-1",
        "url": "https://irt.example/882",
        "canonical_url": None,
        "headline": "Ferry number 1 for the upper Irtysh",
        "summary": "Four ferries.",
        "body": ("A boatyard in Pavlodar has been given the order.",),
        "body_html": None,
        "authors": ("Serik Abenov",),
        "declared_language": "en-GB",
        "categories": ("Transport",),
        "dateline": "PAVLODAR, Kazakhstan",
        "media": (
            {"url": "https://irt.example/a.jpg", "media_type": "image/jpeg", "caption": "Yard"},
        ),
        "published_at": datetime(2026, 3, 9, 5, tzinfo=UTC),
        "published_on": None,
        "published_precision": None,
        "published_offset_min": None,
        "published_confidence": None,
        "updated_at": datetime(2026, 3, 9, 5, 30, tzinfo=UTC),
        "listed_on": None,
        "position": None,
        "observed_at": NOW,
        "pubstatus": "usable",
        "embargoed_until": datetime(2026, 3, 12, 9, tzinfo=UTC),
        "urgency": 3,
        "ednote": "Embargoed.",
        "slugline": "FERRY",
        "located": "Pavlodar",
        "source_version": "2",
        "declared_tags": (
            {
                "kind": "subject",
                "scheme": "medtop",
                "code": "20000337",
                "name": None,
                "relevance": 90,
            },
            {
                "kind": "place",
                "scheme": None,
                "code": None,
                "name": "Pavlodar",
                "relevance": None,
            },
        ),
        "associations": (
            {"rel": "related", "item_id": "irt-0", "url": None, "headline": "Ferries ordered"},
            {
                "rel": "video",
                "item_id": None,
                "url": "https://irt.example/v",
                "headline": None,
            },
        ),
        "display": None,
        "trust_rank": None,
        "rights": "All rights reserved.",
        "revision": 1,
    }
    assert not found.declares_usable
    assert found.declared_change is None


def test_the_document_of_an_item_is_its_own_bytes() -> None:
    data = orjson.dumps(pushed())
    document = article().document

    assert document.sha256 == sha256(data)
    assert (document.parser, document.parser_version) == ("push", 1)
    assert document.media_type == "application/json"


def test_a_body_is_paragraphs_or_one_string_that_blank_lines_part() -> None:
    parted = ("First line, wrapped.", "Second.")

    assert article(body=["First line,\n wrapped.", "Second."]).body == parted
    assert article(body="First line,\nwrapped.\n\n \nSecond.\n").body == parted
    assert article(body="First line,\nwrapped.\r\n\r\nSecond.").body == parted


def test_markup_is_made_safe_and_gives_the_paragraphs_where_there_is_no_body() -> None:
    found = article(
        body=None or [],
        body_html='<p onclick="x()">One <b>two</b></p><script>alert(1)</script>'
        '<p><a href="/three">Three</a><img src="/four.jpg" alt="Four"></p>',
        url="https://irt.example/882",
    )

    assert found.body == ("One two", "Three")
    assert found.body_html == (
        '<p>One <b>two</b></p><p><a href="https://irt.example/three" rel="noopener nofollow">'
        "Three</a></p>"
    )
    assert found.media == (Media(url="https://irt.example/four.jpg", caption="Four"),)
    assert article(body=["Own."], body_html="<p>Other.</p>").body == ("Own.",)


def test_spaces_and_characters_that_are_not_seen_do_not_count() -> None:
    found = article(headline=" Ferry\u0000  for\nthe Irtysh ", credit=" ", summary="")

    assert found.headline == "Ferry for the Irtysh"
    assert found.credit is None
    assert found.summary is None


UNSEEN = "\u200b \u2066\u00ad\ufeff\u3000\u2029"
"""Formats and spaces alone."""


def test_what_has_no_character_that_is_seen_is_as_if_it_was_not_there() -> None:
    assert set(faults(pushed(id=UNSEEN))) == {"id"}
    assert set(faults(pushed(headline=UNSEEN))) == {"headline"}
    taken = article(url="https://irtysh.example/1", id=UNSEEN, dateline=UNSEEN, summary=UNSEEN)

    assert (taken.source_item_id, taken.dateline, taken.summary) == (None, None, None)
    assert article(body="One.\n\n\u200b\n\nTwo.").body == ("One.", "Two.")


def test_a_sign_between_letters_stays_and_an_emoji_is_seen() -> None:
    assert article(headline="नेपाल\u200dमा").headline == "नेपाल\u200dमा"
    assert article(headline="☃").headline == "☃"


def test_an_id_names_an_article_and_an_address_where_there_is_none() -> None:
    address = "http://irt.example/882?utm_source=x#top"

    assert article(url="https://irt.example/1").article_id == article_id(SOURCE, "id:irt-1")
    named = article_id(SOURCE, "url://irt.example/882")
    assert article(id=None, url=address).article_id == named
    assert article(id="", url="https://irt.example/882").article_id == named


def test_a_source_may_be_left_out_where_the_key_is_for_one() -> None:
    said = pushed()
    del said["source"]
    found = seen(said, "gazette")

    assert isinstance(found, Observation)
    assert found.article.source == "gazette"
    assert faults(said, "gazette", "bulletin") == {
        "source": "expected one of gazette, bulletin, came none: the key is for several"
    }


def test_an_item_of_another_source_is_not_taken_for_that_reason_alone() -> None:
    found = seen(pushed(source="gazette"), SOURCE)

    assert isinstance(found, NotTaken)
    assert found.reason == "source"
    assert found.faults[0].message == (
        "expected irtysh-telegraph, came “gazette”: the key is not for it"
    )


def test_a_status_in_so_many_words_is_told_from_none() -> None:
    usable, none = seen(pushed(pubstatus="usable")), seen(pushed())

    assert isinstance(usable, Observation)
    assert isinstance(none, Observation)
    assert (usable.declares_usable, none.declares_usable) == (True, False)
    assert usable.article.content_hash == none.article.content_hash
    assert article(pubstatus="canceled").pubstatus == "canceled"


def test_a_change_may_be_declared() -> None:
    found = seen(pushed(change="correction"))

    assert isinstance(found, Observation)
    assert found.declared_change == "correction"


def test_a_day_is_a_day() -> None:
    assert article(published_on="2026-03-09").published_on == date(2026, 3, 9)


FAULTY: list[tuple[dict[str, object], str]] = [
    ({"headline": ""}, "headline"),
    ({"headline": "\u0000 "}, "headline"),
    ({"headline": "x" * 2_001}, "headline"),
    ({"headline": None}, "headline"),
    ({"body": ["One.", "", "Three."]}, "body[1]"),
    ({"body": ["One.", 2]}, "body[1]"),
    ({"body": ["x" * 150_000, "x" * 60_000]}, "body"),
    ({"body": 5}, "body"),
    ({"body": ["x"] * 10_001}, "body"),
    ({"body_html": "<b>x</b>" * 20_000}, "body_html"),
    ({"body_html": "<p>x</p>&" * 60_000}, "body_html"),
    ({"id": None}, "id"),
    ({"id": " "}, "id"),
    ({"id": 5}, "id"),
    ({"url": "javascript:alert(1)"}, "url"),
    ({"url": "https://user@irt.example/"}, "url"),
    ({"url": "x" * 4_001}, "url"),
    ({"media": [{"url": "https://a.example/"}, {"url": "//b.example/"}]}, "media[1].url"),
    ({"media": [{"caption": "no address"}]}, "media[0].url"),
    ({"declared_tags": [{"kind": "subject"}]}, "declared_tags[0]"),
    ({"declared_tags": [{"kind": "theme", "name": "Snow"}]}, "declared_tags[0].kind"),
    (
        {"declared_tags": [{"kind": "place", "name": "Osh", "relevance": 101}]},
        "declared_tags[0].relevance",
    ),
    ({"declared_tags": [{"kind": "place", "name": "Osh"}] * 501}, "declared_tags"),
    ({"associations": [{"rel": "related"}]}, "associations[0]"),
    ({"associations": [{"rel": "related", "url": "ftp://a.example/"}]}, "associations[0].url"),
    ({"associations": [{"rel": " ", "item_id": "1"}]}, "associations[0].rel"),
    ({"associations": [{"rel": "related", "item_id": "1"}] * 201}, "associations"),
    ({"source_version": 3}, "source_version"),
    ({"slugline": "x" * 2_001}, "slugline"),
    ({"published_at": "2026-03-10T06:00:01Z"}, "published_at"),
    ({"updated_at": "2026-03-10T06:00:01Z"}, "updated_at"),
    ({"published_at": "2026-03-09"}, "published_at"),
    ({"published_at": "2026-03-09T06:00:00"}, "published_at"),
    ({"published_at": 1_772_000_000}, "published_at"),
    ({"published_at": "1772000000"}, "published_at"),
    ({"embargoed_until": "soon"}, "embargoed_until"),
    ({"published_on": "2026-03-11"}, "published_on"),
    ({"published_on": "2026-02-30"}, "published_on"),
    ({"published_on": "2026-03-09T00:00:00Z"}, "published_on"),
    (
        {"published_on": "2026-03-09", "published_at": "2026-03-09T01:00:00Z"},
        "published_on",
    ),
    ({"urgency": 0}, "urgency"),
    ({"urgency": "3"}, "urgency"),
    ({"urgency": True}, "urgency"),
    ({"language": "English please"}, "language"),
    ({"pubstatus": "killed"}, "pubstatus"),
    ({"change": "typo"}, "change"),
    ({"source": "Irtysh Telegraph"}, "source"),
    ({"authors": [""]}, "authors[0]"),
    ({"observed_at": "2026-03-09T06:00:00Z"}, "observed_at"),
    ({"categories": ["x"] * 501}, "categories"),
]


@pytest.mark.parametrize(("changes", "path"), FAULTY, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_told_with_its_place(changes: dict[str, object], path: str) -> None:
    assert path in faults(pushed(**changes))


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"5", b"null", b'{"headline":"\xff"}', b"[" * 999]
)
def test_what_is_no_object_is_told_as_such(data: bytes) -> None:
    found = observation(Seen(data, (SOURCE,), NOW))

    assert isinstance(found, NotTaken)
    assert found.reason == "invalid"
    assert found.faults[0].path == ""


def test_a_time_up_to_a_day_ahead_is_taken() -> None:
    assert article(updated_at="2026-03-10T06:00:00Z").updated_at == at(10)
