"""ninjs 1.x, 2.x and 3.x: what an article is made of. Source: iptc.org/std/ninjs."""

import json
from datetime import date, datetime

import pytest

from services.ingest.parse.document import ArticleEntry, Listed
from shared.news import Association, DeclaredTag, Media
from tests.feeds import read, reasons
from tests.news_items import URI, golden, moment, ninjs, ninjs_entry

# --- documents as agencies send them ------------------------------------------------------------


def test_an_item_of_version_3_is_read_with_all_that_it_says() -> None:
    parsed = golden("ninjs_3.json")

    assert (parsed.format, parsed.parser_version, parsed.media_type, parsed.encoding) == (
        "ninjs", 2, "application/json", "utf-8",
    )  # fmt: skip
    assert parsed.problems == ()
    (entry,) = parsed.articles
    assert entry == ArticleEntry(
        headline="Lake Balkhash rises for a third year",
        paragraphs=("The lake rose.", "By 12 cm."),
        line=None,
        source_item_id="tag:agency.example,2026:story/41",
        summary="Water returns.",
        body_html="<p>The lake rose.</p><p>By <em>12</em> cm.</p>",
        authors=("Marat Omarov",),
        declared_language="ru",
        media=(
            Media(
                url="https://agency.example/9.jpg",
                media_type="image/jpeg",
                caption="The shore in March.",
            ),
        ),
        published_at=moment(2, 5),
        published_precision="second",
        published_offset_min=0,
        updated_at=moment(2, 6),
        rights="© 2026 Agency No archives. https://agency.example/rights Sources: Hydromet, Agency",
        declares_usable=True,
        urgency=2,
        ednote="CORRECTION: the lake is 614 km long.",
        slugline="LAKE-LEVEL",
        located="Almaty",
        source_version="4",
        declared_tags=(
            DeclaredTag(
                kind="subject", scheme="medtop", code="06000000", name="environment", relevance=90
            ),
            DeclaredTag(
                kind="person",
                scheme="http://www.wikidata.example/entity/",
                code="Q42",
                name="Saule Akhmetova",
            ),
            DeclaredTag(kind="organisation", code="urn:org:9", name="Hydromet"),
            DeclaredTag(kind="place", code="lake-1", name="Balkhash"),
            DeclaredTag(kind="event", name="World Water Day"),
            DeclaredTag(kind="object", name="Kapchagay dam"),
            DeclaredTag(
                kind="genre",
                scheme="http://cv.iptc.org/newscodes/genre/",
                code="Analysis",
                name="Analysis",
            ),
        ),
        associations=(
            Association(
                rel="mainPicture",
                item_id="tag:agency.example,2026:picture/9",
                url="https://agency.example/9.jpg",
                headline="The shore",
            ),
            Association(
                rel="related",
                item_id="tag:agency.example,2026:story/40",
                headline="Lake rose last year",
            ),
        ),
    )


def test_an_envelope_with_its_own_ids_is_read() -> None:
    parsed = golden("ap_feed.json")
    story, killed = parsed.articles

    assert parsed.problems == ()
    assert (story.source_item_id, story.source_version) == ("5d1f", "2")
    assert story.paragraphs == (
        "BALKHASH, Kazakhstan (AW) — The ferry sailed on Monday.",
        "It carries 40 cars.",
    )
    assert (story.dateline, story.authors) == ("BALKHASH, Kazakhstan (AW)", ("AIGUL SERIK",))
    assert story.declared_tags[:2] == (
        DeclaredTag(
            kind="subject", scheme="medtop", code="20000337", name="transport", relevance=87
        ),
        DeclaredTag(
            kind="subject", scheme="http://cv.wire.example/id/", code="a1b2", name="Ferries"
        ),
    )
    assert [one.url for one in story.media] == ["https://wire.example/77aa/m.jpg"]
    assert (killed.source_item_id, killed.headline, killed.pubstatus, killed.ednote) == (
        "7f00", "7f00", "canceled", "KILL: the interview was not given.",
    )  # fmt: skip


def test_a_picture_and_what_is_no_news_are_kept_as_listed() -> None:
    assert golden("ap_feed.json").listed == (
        Listed(
            url=None,
            media=(
                Media(
                    url="https://wire.example/6e00/m.jpg",
                    media_type="image/jpeg",
                    caption="Ice on the lake",
                ),
            ),
            source_item_id="6e00",
            where="data.items[1].item",
        ),
        Listed(url=None, source_item_id="8a00", where="data.items[3].item"),
    )


@pytest.mark.parametrize("kind", ["text", "picture"])
def test_more_pictures_than_are_kept_are_told(kind: str) -> None:
    associations = {
        f"picture{number}": {"renditions": {"main": {"href": f"https://agency.example/{number}"}}}
        for number in range(201)
    }
    parsed = read(ninjs(type=kind, associations=associations))

    (one,) = *parsed.articles, *parsed.listed
    assert len(one.media) == 200
    assert "pictures and attachments" in parsed.problems[0].detail


def test_items_that_stand_one_a_line_are_read() -> None:
    open_, embargoed = golden("dpa_digitalwires.ndjson").articles

    assert open_.source_item_id == "urn:newsml:presse.example:20090101:260302-930-353124"
    assert open_.headline == "Fähre über den Balchaschsee fährt wieder"
    assert open_.paragraphs == ("Die Fähre fuhr am Montag.", "Sie trägt 40 Autos.")
    assert (open_.summary, open_.dateline) == (
        "Die Fähre nimmt den Betrieb auf.", "Balchasch (presse)",
    )  # fmt: skip
    assert open_.declared_tags == (
        DeclaredTag(kind="subject", scheme="medtop", code="20000337", name="Verkehr"),
        DeclaredTag(kind="subject", name="Fähren"),
    )
    assert (open_.pubstatus, open_.embargoed_until) == ("usable", None)
    assert embargoed.embargoed_until == moment(5, 17)


def test_an_item_of_version_1_is_read() -> None:
    (entry,) = golden("superdesk_ninjs.json").articles

    assert golden("superdesk_ninjs.json").problems == ()
    assert (entry.headline, entry.authors) == ("Ferry link reopens", ("Aigul Serik",))
    assert entry.body_html == (
        "<p>BALKHASH – The ferry sailed <b>on Monday</b>.</p><p>It carries 40 cars.</p>"
    )
    assert (entry.source_version, entry.declared_change) == ("10", "correction")
    assert (entry.categories, entry.rights) == (
        ("lake", "ferry"), "© Desk Agency Subscribers only.",
    )  # fmt: skip
    assert (entry.published_at, entry.updated_at) == (moment(2, 10, 15), moment(2, 11, 45))
    assert entry.associations == (
        Association(
            rel="featuremedia",
            item_id="tag:desk.example:2026:pic",
            url="https://desk.example/o.jpg",
            headline="Ferry",
        ),
    )


# --- what is ninjs ------------------------------------------------------------------------------

ITEM = {"uri": URI, "type": "text", "headline": "Snow"}


@pytest.mark.parametrize(
    "document",
    [
        ITEM,
        [ITEM],
        {"items": [ITEM]},
        {"_items": [ITEM], "_meta": {"total": 1}},
        {"data": {"items": [{"meta": {}, "item": ITEM}]}},
        {"data": [ITEM]},
        {"item": ITEM},
    ],
)
def test_one_item_a_list_and_envelopes_are_read(document: object) -> None:
    assert [one.headline for one in read(json.dumps(document)).articles] == ["Snow"]


def test_a_json_feed_is_not_ninjs_whatever_its_words() -> None:
    item = {"id": "1", "title": "Snow", "uri": "x", "type": "text", "headlines": []}
    feed = {"items": [item], "version": "https://jsonfeed.org/version/1.1"}

    assert read(json.dumps(feed)).format == "json-feed"


@pytest.mark.parametrize(
    "document",
    ['[{"Code": "840", "Ccy": "USD", "Rate": "12000"}]', '{"uri": "x"}', '{"headlines": []}', "[]"],
)
def test_other_json_is_not_ninjs(document: str) -> None:
    assert reasons(read(document)) == [("unsupported", "the document")]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ('{"uri": "x", "type": "text"', ("not-well-formed", "line 1")),
        ('{"uri": "x", "type": "text", "a": ' + "[" * 100_000, ("not-well-formed", "the document")),
        (b'{"uri": "x", "type": "text", "headline": "\xff"}', ("undecodable", "the document")),
        ('{"items": [], "uri": null, "type": "text"}', ("empty", "the document")),
    ],
)
def test_a_document_that_is_broken_or_empty_is_refused_with_its_reason(
    document: str | bytes, found: tuple[str, str]
) -> None:
    parsed = read(document)

    assert (reasons(parsed)[0], parsed.articles) == (found, ())


def test_a_bad_line_among_items_costs_itself_alone() -> None:
    other = ninjs(uri="tag:2")
    parsed = read(ninjs() + b'\n{"uri"\n' + other + b"\n[1]\n")

    assert [one.source_item_id for one in parsed.articles] == [URI, "tag:2"]
    assert reasons(parsed) == [("not-well-formed", "line 2"), ("field-unusable", "line 4[0]")]


# --- who an item is, and which version ----------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "item_id", "version"),
    [
        ({"uri": "tag:1"}, "tag:1", None),
        ({"uri": "https://a.example/1"}, "https://a.example/1", None),
        ({"uri": "https://a.example/1?v=2", "altids": {"itemid": "1"}}, "1", None),
        ({"uri": "tag:1", "altids": {"itemid": "2"}}, "tag:1", None),
        ({"uri": None, "guid": "tag:2", "version": 7}, "tag:2", "7"),
        ({"uri": "urn:newsml:a.example:20260302:x1:3N"}, "urn:newsml:a.example:20260302:x1", "3"),
        (
            {"uri": "urn:newsml:a.example:20260302:x1:3", "version": "4"},
            "urn:newsml:a.example:20260302:x1",
            "4",
        ),
    ],
)
def test_the_id_of_an_item_outlives_its_versions(
    said: dict[str, object], item_id: str, version: str | None
) -> None:
    entry = ninjs_entry(**said)

    assert (entry.source_item_id, entry.source_version) == (item_id, version)


def test_of_several_versions_in_one_document_the_highest_number_is_taken() -> None:
    versions = [
        {"uri": URI, "type": "text", "headline": number, "version": number}
        for number in ("9", "10", "2")
    ]
    parsed = read(json.dumps(versions))

    assert [one.headline for one in parsed.articles] == ["10"]
    assert reasons(parsed) == [("id-repeated", "[1]"), ("id-repeated", "[2]")]


# --- whether it may be shown --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "pubstatus", "declares_usable"),
    [
        (None, "usable", False),
        ("usable", "usable", True),
        ("stat:usable", "usable", True),
        ("http://cv.iptc.org/newscodes/pubstatusg2/usable", "usable", True),
        ("withheld", "withheld", False),
        ("canceled", "canceled", False),
        ("Cancelled", "canceled", False),
        ("embargoed", "withheld", False),
    ],
)
def test_the_status_of_an_item(said: str | None, pubstatus: str, *, declares_usable: bool) -> None:
    entry = ninjs_entry(pubStatus=said)

    assert (entry.pubstatus, entry.declares_usable) == (pubstatus, declares_usable)


@pytest.mark.parametrize("said", ["secret", {"a": 1}, True])
def test_a_status_that_is_not_known_withholds(said: object) -> None:
    parsed = read(ninjs(pubStatus=said))

    assert [one.pubstatus for one in parsed.articles] == ["withheld"]
    assert ("field-unusable", "the item") in reasons(parsed)


@pytest.mark.parametrize(
    ("said", "pubstatus", "until"),
    [
        ({"embargoedUntil": "2026-03-05T12:00:00+05:00"}, "usable", moment(5, 7)),
        ({"embargoed": "2026-03-05T12:00:00Z"}, "usable", moment(5, 12)),
        ({"embargoed": "2026-03-05T12:00:00Z", "pubstatus": "embargoed"}, "usable", moment(5, 12)),
        ({"embargoed": "2026-03-05"}, "usable", moment(6, 12)),
        ({"embargoed": "2026-03-05T12:00:00"}, "usable", moment(6, 12)),
        ({"embargoed": ""}, "withheld", None),
        ({"embargoed": "9999-12-31T23:59:59Z"}, "withheld", None),
        ({"embargoed": None}, "usable", None),
        ({"embargoed": False}, "usable", None),
    ],
)
def test_the_embargo_of_an_item(
    said: dict[str, object], pubstatus: str, until: datetime | None
) -> None:
    """A day, or a time without an offset, ends where it ends last on Earth."""
    (entry,) = read(json.dumps(ITEM | said)).articles

    assert (entry.pubstatus, entry.embargoed_until) == (pubstatus, until)


def test_an_embargo_that_cannot_be_read_withholds() -> None:
    parsed = read(ninjs(embargoed="after the speech", pubStatus="usable"))

    assert [(one.pubstatus, one.declares_usable) for one in parsed.articles] == [
        ("withheld", False)
    ]
    assert reasons(parsed) == [("date-unreadable", "the item")]


def test_a_kill_needs_no_words() -> None:
    entry = ninjs_entry(pubStatus="canceled", headlines=None, slugline="SNOW")

    assert (entry.headline, entry.paragraphs) == ("SNOW", ())
    assert ninjs_entry(pubStatus="canceled", headlines=None).headline == URI


@pytest.mark.parametrize("kind", ["picture", "video", "audio", "graphic", "event", "planning"])
def test_what_is_no_text_is_kept_as_listed(kind: str) -> None:
    parsed = read(ninjs(type=kind))

    assert (parsed.articles, parsed.problems) == ((), ())
    assert parsed.listed == (Listed(url=None, source_item_id=URI, where="the item"),)


def test_a_text_without_words_is_kept_as_listed() -> None:
    parsed = read(ninjs(headlines=None))

    assert (parsed.articles, [one.source_item_id for one in parsed.listed]) == ((), [URI])


# --- headline, text, times ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headlines", "headline"),
    [
        ([{"value": "A"}, {"role": "main", "value": "B"}], "B"),
        ([{"role": "short", "value": "A"}, {"value": "B"}], "B"),
        ([{"role": "subhead", "value": "A"}, {"role": "web", "value": "B"}], "B"),
        ([{"role": "kicker", "value": "A"}], "A"),
        ([{"role": "hld:main", "value": "A"}, {"value": "B"}], "A"),
        ([{"role": "main", "value": ""}, {"value": "B"}], "B"),
    ],
)
def test_the_headline_is_the_main_one(headlines: object, headline: str) -> None:
    assert ninjs_entry(headlines=headlines).headline == headline


@pytest.mark.parametrize(
    ("said", "paragraphs", "html"),
    [
        ({"body_text": "A & B.\n\nC."}, ("A & B.", "C."), None),
        ({"body_html": "<p>A.</p>", "body_text": "B."}, ("A.",), "<p>A.</p>"),
        ({"body_xhtml": "<div><p>A.</p></div>"}, ("A.",), "<p>A.</p>"),
        ({"bodies": [{"value": "A."}]}, ("A.",), None),
        (
            {"bodies": [{"value": "<p>A.", "contentType": "text/html; charset=utf-8"}]},
            ("A.",), "<p>A.</p>",
        ),
        (
            {"bodies": [{"value": "<nitf><body><body.content><hl2>H</hl2><p>A.</p><media>"
                         "<media-caption>no</media-caption></media></body.content></body></nitf>",
                         "contentType": "application/nitf+xml"}]},
            ("H", "A."), "<h3>H</h3><p>A.</p>",
        ),
        ({"bodies": [{"value": "JVBERi0=", "contentType": "application/pdf"}]}, (), None),
        ({"description_text": "Only this."}, ("Only this.",), None),
    ],
)  # fmt: skip
def test_the_text_with_markup_comes_before_the_plain_one(
    said: dict[str, object], paragraphs: tuple[str, ...], html: str | None
) -> None:
    entry = ninjs_entry(**said)

    assert (entry.paragraphs, entry.body_html) == (paragraphs, html)


@pytest.mark.parametrize(
    ("said", "published", "updated"),
    [
        ({"versionCreated": "2026-03-02T06:00:00Z"}, moment(2, 6), moment(2, 6)),
        (
            {"versionCreated": "2026-03-02T06:00:00Z", "contentCreated": "2026-03-02T04:00:00Z"},
            moment(2, 4),
            moment(2, 6),
        ),
        (
            {"firstCreated": "2026-03-02T05:00:00Z", "contentCreated": "2026-03-02T04:00:00Z"},
            moment(2, 5),
            None,
        ),
        ({}, None, None),
    ],
)
def test_it_was_published_when_its_first_version_was_made(
    said: dict[str, object], published: datetime | None, updated: datetime | None
) -> None:
    entry = ninjs_entry(**said)

    assert (entry.published_at, entry.updated_at) == (published, updated)


def test_a_day_alone_is_the_day_of_publication() -> None:
    assert ninjs_entry(firstCreated="2026-03-01").published_on == date(2026, 3, 1)


# --- wrong kinds and limits ---------------------------------------------------------------------


def test_a_member_of_the_wrong_kind_is_named_and_left_out() -> None:
    parsed = read(
        json.dumps(
            {
                "items": [
                    ITEM
                    | {
                        "slugline": ["a"],
                        "urgency": 12,
                        "subject": ["x", {"name": "Snow", "relevance": "most"}],
                        "bodies": "no",
                        "by": {"name": "x"},
                        "unknown": {"at": "all"},
                    }
                ]
            }
        )
    )

    assert [one.headline for one in parsed.articles] == ["Snow"]
    assert sorted(reasons(parsed)) == [
        ("field-unusable", "items[0]"),
        ("field-unusable", "items[0].bodies"),
        ("field-unusable", "items[0].by"),
        ("field-unusable", "items[0].slugline"),
        ("field-unusable", "items[0].subject[0]"),
        ("field-unusable", "items[0].subject[1]"),
    ]


def test_more_than_is_kept_is_left_out_and_told() -> None:
    parsed = read(
        ninjs(
            subjects=[{"name": f"s{number}"} for number in range(501)],
            associations=[{"name": "a", "uri": f"u{number}"} for number in range(201)],
            version="9" * 2_001,
            slugline="x" * 2_001,
        )
    )
    (entry,) = parsed.articles

    assert (len(entry.declared_tags), len(entry.associations)) == (500, 200)
    assert (entry.source_version, len(entry.slugline or "")) == (None, 2_000)
    assert sorted(reason for reason, _ in reasons(parsed)) == [
        "text-too-long", "text-too-long", "too-many-entries", "too-many-entries",
    ]  # fmt: skip


def test_a_document_has_at_most_500_items() -> None:
    items = [ITEM | {"uri": f"u{number}"} for number in range(600)]
    parsed = read(json.dumps(items))

    assert len(parsed.articles) == 500
    assert reasons(parsed) == [("too-many-entries", "[500]")]


@pytest.mark.parametrize(
    ("said", "scheme", "code"),
    [
        ({"code": "medtop:20000337"}, "medtop", "20000337"),
        ({"uri": "https://cv.iptc.org/newscodes/mediatopic/20000337"}, "medtop", "20000337"),
        (
            {"scheme": "http://cv.iptc.org/newscodes/mediatopic/", "code": "medtop:20000337"},
            "medtop",
            "20000337",
        ),
        ({"scheme": "iso3166-1a2", "code": "kz"}, "iso3166-1a2", "kz"),
        ({"code": "N2:SHIP"}, "N2", "SHIP"),
        ({"uri": "https://a.example"}, None, "https://a.example"),
        ({"uri": "urn:a:b"}, None, "urn:a:b"),
    ],
)
def test_a_code_and_its_vocabulary(said: dict[str, str], scheme: str | None, code: str) -> None:
    (tag,) = ninjs_entry(subjects=[said]).declared_tags

    assert (tag.scheme, tag.code) == (scheme, code)


@pytest.mark.parametrize("member", ["organisations", "organisation"])
def test_a_ticker_is_a_code_of_its_organisation(member: str) -> None:
    symbols = [{"ticker": "BLKH", "exchange": "KASE"}, {"ticker": "BKH"}, {"exchange": "KASE"}]
    said = [{"name": "Balkhash Lines", "uri": "urn:org:7", "symbols": symbols}]
    own, *tickers = ninjs_entry(**{member: said}).declared_tags

    assert own == DeclaredTag(kind="organisation", code="urn:org:7", name="Balkhash Lines")
    assert tickers[:2] == [
        DeclaredTag(kind="organisation", scheme="KASE", code="BLKH", name="Balkhash Lines"),
        DeclaredTag(kind="organisation", code="BKH", name="Balkhash Lines"),
    ]
    assert len(tickers) == 2
