"""NewsML-G2: what an article is made of. Source: NewsML-G2 2.x."""

from datetime import datetime

import pytest

from services.ingest.parse.document import ArticleEntry, Listed
from shared.news import Association, DeclaredTag, Media
from tests.feeds import read, reasons
from tests.news_items import URI, g2, g2_entry, golden, moment

MESSAGE = "reuters_newsmessage.xml"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'


def test_an_item_of_a_message_is_read_with_all_that_it_says() -> None:
    parsed = golden(MESSAGE)

    assert (parsed.format, parsed.parser_version, parsed.media_type, parsed.encoding) == (
        "newsml-g2", 2, "application/vnd.iptc.g2.newsmessage+xml", "utf-8",
    )  # fmt: skip
    entry = parsed.articles[0]
    assert entry == ArticleEntry(
        headline="UPDATE 2-Ferry link across Lake Balkhash reopens",
        paragraphs=(
            "BALKHASH, Kazakhstan, March 2 (Wire) - The ferry sailed.",
            "It carries 40 cars.",
        ),
        dateline="BALKHASH, Kazakhstan, March 2 (Wire)",
        line=9,
        source_item_id="tag:wire.example,2026:newsml_KBN1",
        summary="The ferry sails again.",
        body_html="<p>BALKHASH, Kazakhstan, March 2 (Wire) - The ferry sailed.</p>"
        "<p>It carries <b>40</b> cars.</p>",
        authors=("Aigul Serik",),
        declared_language="en",
        categories=("ferries",),
        published_at=moment(2, 5),
        published_precision="second",
        published_offset_min=0,
        updated_at=moment(2, 6, 30),
        rights="(c) Copyright Wire 2026. Ask first. Sources: Wire",
        declares_usable=True,
        declared_change="update",
        urgency=4,
        ednote="Refiles to add picture",
        slugline="BALKHASH-FERRY/",
        located="BALKHASH",
        source_version="12",
        declared_tags=(
            DeclaredTag(
                kind="subject",
                scheme="http://wire.example/codes/n2/",
                code="SHIP",
                name="Shipping",
                relevance=80,
            ),
            DeclaredTag(kind="subject", scheme="medtop", code="20000337"),
            DeclaredTag(kind="subject", scheme="medtop", code="04000000", name="economy"),
            DeclaredTag(kind="person", name="Marat Omarov"),
            DeclaredTag(
                kind="place",
                scheme="http://cv.iptc.org/newscodes/country/",
                code="KAZ",
                name="Kazakhstan",
            ),
            DeclaredTag(kind="genre", scheme="genre", code="Current"),
        ),
        associations=(
            Association(
                rel="seeAlso",
                item_id="tag:wire.example,2026:newsml_KBN0",
                headline="Ferry ordered",
            ),
        ),
    )


def test_a_kill_a_package_and_a_picture_of_a_message() -> None:
    parsed = golden(MESSAGE)
    _, killed, package = parsed.articles

    assert (killed.source_item_id, killed.pubstatus, killed.source_version) == (
        "tag:wire.example,2026:newsml_KBN3", "canceled", "4",
    )  # fmt: skip
    assert (package.headline, package.paragraphs, package.associations) == (
        "The ferry, with pictures",
        (),
        (
            Association(
                rel="main",
                item_id="tag:wire.example,2026:newsml_KBN1",
                headline="Ferry link reopens",
            ),
            Association(
                rel="main",
                item_id="tag:wire.example,2026:newsml_PIC7",
                url="https://wire.example/7.xml",
                headline="The ferry",
            ),
        ),
    )
    assert parsed.listed == (
        Listed(
            url=None,
            media=(
                Media(
                    url="https://wire.example/7.jpg",
                    media_type="image/jpeg",
                    caption="The ferry at its pier.",
                ),
            ),
            source_item_id="tag:wire.example,2026:newsml_PIC7",
            where="line 55",
        ),
    )


def test_what_is_no_item_is_left_out_of_a_message_and_told() -> None:
    (problem,) = golden(MESSAGE).problems

    assert (problem.reason, problem.where, problem.detail) == (
        "unsupported",
        "line 76",
        (
            "expected newsItem, packageItem or newsMessage of NewsML-G2, came “knowledgeItem”;"
            " it was left out"
        ),
    )


@pytest.mark.parametrize("name", ["knowledgeItem", "conceptItem", "planningItem", "catalogItem"])
def test_a_document_of_another_kind_is_refused(name: str) -> None:
    parsed = read(f'<{name} xmlns="http://iptc.org/std/nar/2006-10-01/" guid="x"/>')

    assert reasons(parsed) == [("unsupported", "the document")]
    assert name in parsed.problems[0].detail


def test_a_prefix_of_the_namespace_is_no_difference() -> None:
    parsed = read(
        f'<nar:newsItem xmlns:nar="http://iptc.org/std/nar/2006-10-01/" guid="{URI}" version="3">'
        "<nar:contentMeta><nar:headline>Snow</nar:headline></nar:contentMeta></nar:newsItem>"
    )

    assert [(one.headline, one.source_version) for one in parsed.articles] == [("Snow", "3")]


def test_another_namespace_is_no_newsml_g2() -> None:
    parsed = read('<newsItem xmlns="urn:x" a="http://iptc.org/std/nar/2006-10-01/"/>')

    assert (parsed.articles, reasons(parsed)) == ((), [("unsupported", "the document")])


def test_an_encoding_of_its_own_is_read() -> None:
    parsed = read(g2(content="<headline>Снег</headline>").encode("utf-16"))

    assert [one.headline for one in parsed.articles] == ["Снег"]


@pytest.mark.parametrize(
    ("meta", "pubstatus", "until"),
    [
        ("", "usable", None),
        ('<pubStatus qcode="stat:withheld"/>', "withheld", None),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>', "canceled", None),
        ("<embargoed>2026-03-05T12:00:00+05:00</embargoed>", "usable", moment(5, 7)),
        ("<embargoed/>", "withheld", None),
    ],
)
def test_status_and_embargo(meta: str, pubstatus: str, until: datetime | None) -> None:
    entry = g2_entry(meta)

    assert (entry.pubstatus, entry.embargoed_until) == (pubstatus, until)


NITF = (
    '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><head><title>no</title></head><body>'
    "<body.head><hedline><hl1>no</hl1></hedline></body.head><body.content><media><media-caption>no"
    "</media-caption></media>and<hl2>H</hl2><p>A.</p></body.content><body.end>no</body.end></body>"
    "</nitf>"
)
TEXTS = {
    "xhtml": (f"<inlineXML><div {XHTML}><p>A.</p></div></inlineXML>", ("A.",), "<p>A.</p>"),
    "nitf": (
        f'<inlineXML contenttype="application/nitf+xml">{NITF}</inlineXML>',
        ("and", "H", "A."),
        "<p>and</p><h3>H</h3><p>A.</p>",
    ),
    "plain": (
        '<inlineData contenttype="text/plain">A &lt; B.\n\nC.</inlineData>',
        ("A < B.", "C."),
        None,
    ),
    "html": (
        '<inlineData contenttype="text/html">&lt;p>A.&lt;/p></inlineData>',
        ("A.",),
        "<p>A.</p>",
    ),
    "tables": (
        '<inlineXML><sports-content xmlns="urn:s">1:0</sports-content></inlineXML>',
        (),
        None,
    ),
}


@pytest.mark.parametrize(("content", "paragraphs", "html"), TEXTS.values(), ids=TEXTS.keys())
def test_the_text_of_an_item(content: str, paragraphs: tuple[str, ...], html: str | None) -> None:
    entry = g2_entry(inside=f"<contentSet>{content}</contentSet>")

    assert (entry.paragraphs, entry.body_html) == (paragraphs, html)


def test_the_dateline_of_a_nitf_text_is_that_of_the_item() -> None:
    nitf = "<nitf><body><body.head><dateline>OSH, Kyrgyzstan</dateline></body.head></body></nitf>"
    entry = g2_entry(inside=f"<contentSet><inlineXML>{nitf}</inlineXML></contentSet>".replace(
        "<nitf>", '<nitf xmlns="">'
    ))  # fmt: skip

    assert entry.dateline == "OSH, Kyrgyzstan"


def test_markup_of_an_item_passes_the_doors_of_a_feed() -> None:
    bad = f"<div {XHTML}><p onclick='x'>A<script>x</script></p><a href='javascript:x'>B</a></div>"
    entry = g2_entry(inside=f"<contentSet><inlineXML>{bad}</inlineXML></contentSet>")

    assert entry.body_html == "<p>A</p><p>B</p>"


def test_a_document_with_declarations_of_its_own_is_refused() -> None:
    parsed = read('<!DOCTYPE newsItem [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + g2())

    assert (parsed.articles, reasons(parsed)) == ((), [("unsupported", "the document")])


def test_an_empty_message_says_so() -> None:
    parsed = read(
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet/></newsMessage>'
    )

    assert reasons(parsed) == [("empty", "the document")]


def test_items_in_sets_of_their_own_are_counted_as_those_of_one_set() -> None:
    sets = "".join(
        f'<itemSet><newsItem guid="tag:agency.example,2026:{number}"><contentMeta>'
        f"<headline>Snow</headline></contentMeta></newsItem></itemSet>"
        for number in range(501)
    )
    parsed = read(f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">{sets}</newsMessage>')

    assert len(parsed.articles) == 500
    assert [reason for reason, _ in reasons(parsed)] == ["too-many-entries"]


@pytest.mark.parametrize(
    ("said", "scheme"),
    [
        ('symbolsrc="symsrc:KASE" market="mic:XKAZ"', "symsrc:KASE"),
        ('market="mic:XKAZ" marketlabel="KASE"', "mic:XKAZ"),
        ('marketlabel="KASE"', "KASE"),
        ("", None),
    ],
)
def test_an_instrument_of_an_organisation_is_a_declared_tag(said: str, scheme: str | None) -> None:
    asserted = (
        '<assert qcode="org:7"><name>Balkhash Lines</name><organisationDetails>'
        f'<hasInstrument symbol="BLKH" {said}/></organisationDetails></assert>'
    )

    assert g2_entry(inside=asserted).declared_tags == (
        DeclaredTag(kind="organisation", scheme=scheme, code="BLKH", name="Balkhash Lines"),
    )
