"""Documents made to harm whoever reads them: nothing is fetched, expanded or waited for."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from services.ingest.parse import parse
from services.ingest.parse.document import Arrival, Parsed
from tests.feeds import OBSERVED_ON, atom, json_feed, read, reasons, rss

SECONDS_MAX = 40.0  # of the processor, under coverage; by the square it would be minutes
"""Of processor time, traced by coverage too; without it none takes two. Squares take hours."""
BYTES = 4_800_000
ITEM = "<item><title>Snow</title></item>"


def timed(document: str | bytes) -> Parsed:
    """A document read, in time."""
    begin = time.process_time()
    parsed = read(document)
    assert time.process_time() - begin < SECONDS_MAX
    assert len(parsed.problems) <= 200
    return parsed


def many(text: str) -> str:
    return text * (BYTES // len(text))


def described(html: str) -> str:
    return rss(f"<item><title>Snow</title><description><![CDATA[{html}]]></description></item>")


# --- document types and entities ----------------------------------------------------------------


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY x SYSTEM "file://{file}">',
        '<!ENTITY % x SYSTEM "file://{file}"> %x;',
        '<!ENTITY % x "y"> %x;',
        '<!ENTITY y "z"><!ENTITY x "&y;&y;">',
        '<!ENTITY x "<title/>">',
        "<!ENTITY x",
    ],
)
def test_a_document_type_that_declares_more_than_names_of_texts_is_refused(
    declared: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    inside = declared.format(file=secret)
    parsed = read(f"<!DOCTYPE rss [{inside}]>" + rss("<item><title>&x;</title></item>"))

    assert (parsed.format, parsed.articles) == ("unknown", ())
    assert reasons(parsed) == [("unsupported", "the document")]
    assert "the secret" not in parsed.problems[0].detail


def test_the_file_that_a_document_type_names_is_not_read(tmp_path: Path) -> None:
    # libxml2 would read it, and complain that it is no document type.
    named = tmp_path / "rss.dtd"
    named.write_text("no document type")
    for name in (
        f'SYSTEM "file://{named}"',
        f'PUBLIC "-//X" "{named}"',
        'SYSTEM "https://x.example/"',
    ):
        parsed = read(f"<!DOCTYPE rss {name}>" + rss(ITEM))

        assert (len(parsed.articles), parsed.problems) == (1, ())


def test_a_billion_laughs_are_not_laughed() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    document = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]>' + rss(
        "<item><title>&l9;</title></item>"
    )

    assert reasons(timed(document)) == [("unsupported", "the document")]


@pytest.mark.parametrize(
    ("declared", "headline"),
    [
        ('<!ENTITY x "y">', "y & z"),
        ("<!-- a --><!ELEMENT rss ANY><!ENTITY x 'y &amp; &#228;&eacute;'>", "y & äé & z"),
        ("", "&x; & z"),
    ],
)
def test_a_document_type_may_declare_names_of_texts(declared: str, headline: str) -> None:
    parsed = read(f"<!DOCTYPE rss [{declared}]>" + rss("<item><title>&x; &amp; z</title></item>"))

    assert [entry.headline for entry in parsed.articles] == [headline]


def test_names_of_texts_do_not_grow_a_document_without_end() -> None:
    declared = f'<!DOCTYPE rss [<!ENTITY x "{"x" * 200}">]>'
    parsed = timed(declared + rss(f"<item><title>Snow</title><a>{'&x;' * 1_000_000}</a></item>"))

    assert [entry.headline for entry in parsed.articles] == ["Snow"]


def test_a_document_type_in_another_encoding_is_seen_too() -> None:
    document = '<!DOCTYPE rss [<!ENTITY x SYSTEM "y">]>' + rss("<item><title>&x;</title></item>")
    for encoding in ("utf-16", "utf-16-le", "utf-32", "utf-8-sig"):
        assert reasons(read(document.encode(encoding))) == [("unsupported", "the document")]


def test_an_include_is_an_element_without_a_meaning(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    include = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text"'
        f' href="file://{secret}"/>'
    )
    parsed = read(rss(f"<item><title>Snow</title><description>{include}</description></item>"))

    assert "the secret" not in str(parsed)


# --- encodings ----------------------------------------------------------------------------------

SNOW = "<item><title>Снег в Оше</title></item>"


@pytest.mark.parametrize(
    ("encoding", "declared", "told"),
    [
        ("utf-8", None, "utf-8"),
        ("utf-8-sig", None, "utf-8"),
        ("utf-8", "UTF-8", "utf-8"),
        ("cp1251", "windows-1251", "cp1251"),
        ("koi8-r", "KOI8-R", "koi8-r"),
        ("utf-16", None, "utf-16"),
        ("utf-16", "utf-16", "utf-16"),
        ("utf-16-le", "utf-16", "utf-16-le"),
        ("utf-16-be", None, "utf-16-be"),
        ("utf-32", None, "utf-32"),
        # What is UTF-8 is UTF-8, whatever it declares.
        ("utf-8", "windows-1251", "utf-8"),
        ("utf-8", "utf-16", "utf-8"),
        ("utf-8", "us-ascii", "utf-8"),
        ("utf-8-sig", "iso-8859-1", "utf-8"),
    ],
)
def test_a_feed_is_read_in_its_encoding(encoding: str, declared: str | None, told: str) -> None:
    said = f' encoding="{declared}"' if declared else ""
    parsed = read(f'<?xml version="1.0"{said}?>{rss(SNOW)}'.encode(encoding))

    assert parsed.articles[0].headline == "Снег в Оше"
    assert (parsed.encoding, parsed.problems) == (told, ())


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("cp1251", "utf-8"),
        ("cp1251", None),
        ("cp1251", "us-ascii"),
        ("cp1251", "klingon"),
        ("cp1251", "utf-16"),
        ("cp1251", "punycode"),
        ("cp1251", "unicode_escape"),
        ("cp1251", "rot13"),
        ("cp1251", "utf-7"),
        ("cp1251", "koi8-r"),
        ("koi8-r", "windows-1251"),
        ("koi8-r", None),
        ("iso8859-5", "utf-8"),
    ],
)
def test_cyrillic_that_is_not_what_it_says_is_found_out(
    encoding: str, declared: str | None
) -> None:
    said = f' encoding="{declared}"' if declared else ""
    parsed = read(f'<?xml version="1.0"{said}?>{rss(SNOW)}'.encode(encoding))

    assert [entry.headline for entry in parsed.articles] == ["Снег в Оше"]
    assert (parsed.encoding, reasons(parsed)) == (
        encoding, [("encoding-uncertain", "the document")],
    )  # fmt: skip


@pytest.mark.parametrize("transport", ["windows-1251", "CP1251", '"windows-1251"'])
def test_what_the_transport_declares_is_believed(transport: str) -> None:
    data = f'<?xml version="1.0" encoding="iso-8859-1"?>{rss(SNOW)}'.encode("cp1251")
    parsed = parse(data, Arrival(OBSERVED_ON, charset=transport))

    assert [entry.headline for entry in parsed.articles] == ["Снег в Оше"]
    assert (parsed.encoding, parsed.problems) == ("cp1251", ())


def test_the_transport_is_not_believed_against_the_text() -> None:
    data = f'<?xml version="1.0" encoding="windows-1251"?>{rss(SNOW)}'.encode("cp1251")
    parsed = parse(data, Arrival(OBSERVED_ON, charset="iso-8859-1"))

    assert [entry.headline for entry in parsed.articles] == ["Снег в Оше"]


def test_western_bytes_in_utf8_are_read_as_western() -> None:
    words = "<item><title>Größe – Élan – niño</title></item>".encode()
    data = rss("").encode().replace(b"</channel>", words * 4 + b"<item><title>Caf\xe9 \x93x\x94")
    parsed = read(data + b"</title></item></channel></rss>")

    assert parsed.articles[-1].headline == "Café “x”"
    assert ("encoding-uncertain", "the document") in reasons(parsed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xd0\xa1\xd0\xbd\xd0\xb5\xd0\xb3\xd1\x83\xe9", "came 1 other bytes"),
        ("😀ö".encode() * 5 + b"\xe9\x93", "came 2 other bytes"),
        (b"\xd0\xa1\xed\xa0\x80\xe9", "came 4 bytes that are not"),  # a half of a character
    ],
)
def test_bytes_that_are_no_utf8_are_counted(text: bytes, said: str) -> None:
    parsed = read(rss("").encode().replace(b"</channel>", b"<item><title>" + text))

    assert said in parsed.problems[0].detail


def test_western_bytes_without_a_declaration_are_read_as_western() -> None:
    parsed = read(rss("<item><title>Café à Genève</title></item>").encode("cp1252"))

    assert [entry.headline for entry in parsed.articles] == ["Café à Genève"]
    assert (parsed.encoding, reasons(parsed)) == (
        "cp1252", [("encoding-uncertain", "the document")],
    )  # fmt: skip


def test_bytes_that_are_not_what_they_declare_are_undecodable() -> None:
    parsed = read(b"\xff\xfe<\x00r\x00s\x00s\x00>\x00" + b"\x00\xd8" * 20)

    assert (parsed.format, parsed.encoding, parsed.articles) == ("unknown", None, ())
    assert reasons(parsed) == [("undecodable", "the document")]


def test_blank_lines_before_the_declaration_do_no_harm() -> None:
    parsed = read('\n\n<?xml version="1.0" encoding="utf-8"?>\n' + rss(ITEM))

    assert [(entry.headline, entry.line) for entry in parsed.articles] == [("Snow", 4)]


def test_stray_control_characters_are_left_out_and_told() -> None:
    parsed = read(rss("<item><title>Sn\x08o\x0bw</title></item>"))

    assert parsed.articles[0].headline == "Snow"
    assert reasons(parsed) == [("control-characters", "the document")]


# --- what is broken -----------------------------------------------------------------------------


def test_elements_nested_without_end_are_not_well_formed() -> None:
    assert reasons(timed("<rss>" + many("<a>"))) == [("not-well-formed", "line 1")]


def test_a_document_over_five_million_bytes_is_refused_unread() -> None:
    parsed = timed(rss(f"<item><title>{'x' * 10_000_000}</title></item>"))

    assert reasons(parsed) == [("too-large", "the document")]


# --- what is too much ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [rss(ITEM * 100_000), json_feed(*[{"title": "Snow"}] * 100_000)],
    ids=["RSS", "JSON Feed"],
)
def test_of_a_hundred_thousand_entries_the_first_are_taken(document: str | bytes) -> None:
    parsed = timed(document)

    assert len(parsed.articles) == 500
    assert [reason for reason, _ in reasons(parsed)] == ["too-many-entries"]


def titled(title: str) -> str:
    return rss(f"<item><title>{title}</title></item>")


def snow(inside: str) -> str:
    return rss(f"<item><title>Snow</title>{inside}</item>")


HARMFUL: dict[str, Callable[[], str | bytes]] = {
    "empty items": lambda: rss(many("<item/>")),
    "one long title": lambda: titled(many("x")),
    "a title of tags": lambda: titled(many("&lt;a ")),
    "a title of references": lambda: titled(many("&amp;aaaaaaaaaaaaaaaaaaaa")),
    "control characters": lambda: titled(many("\x01")),
    "characters of another encoding": lambda: titled("\x92" * 2_400_000),
    "many categories": lambda: snow(many("<category/>")),
    "many elements of markup": lambda: snow(f"<description>{many('<b/>')}</description>"),
    "many groups": lambda: snow(many("<media:group><media:content/></media:group>")),
    "a large group": lambda: snow(
        f"<media:group><media:title/>{many('<media:content/>')}</media:group>"
    ),
    "nested markup": lambda: described(many("<div>")),
    "open inline markup": lambda: described(many("<b x=1><i><u>") + "<p>" * 100),
    "nested lists": lambda: described(many("<ul><li>")),
    "nested tables": lambda: described(many("<table><tr><td>")),
    "open cells": lambda: described("<table>" + many("<tr><td>")),
    "misnested markup": lambda: described(many("<b><i></b></i>")),
    "unopened markup": lambda: described(many("</p></b></div>")),
    "open quotation marks": lambda: described(many('<a ="x')),
    "open comments": lambda: described(many("<!--")),
    "open comments in a document type": lambda: f"<!DOCTYPE rss [{many('<!--')}]><rss/>",
    "open instructions in a document type": lambda: f"<!DOCTYPE rss [{many('<? ')}]><rss/>",
    "open tags": lambda: described(many("<a ")),
    "many attributes": lambda: described("<a " + many("x=1 ") + ">"),
    "links": lambda: described(many("<a href=/a>x</a>")),
    "pictures": lambda: described(many("<img src=/a>")),
    "a picture in itself": lambda: described(f"<img src='data:image/png;base64,{many('A')}'>x"),
    "paragraphs": lambda: described(many("<p>x")),
    "closed paragraphs": lambda: described(many("<p>x</p>")),
    "paragraphs that are none": lambda: described(many("<p>x <b>y</b> <i>")),
    "a paragraph without an end": lambda: described("<p>" + many("x <b>y</b> ")),
    "a paragraph of pictures": lambda: described("<p>" + many("<img src=/a alt=b>") + "</p>"),
    "a paragraph of spaces": lambda: described("<p>" + many(" ") + "<p>"),
    "paragraphs of attributes": lambda: described(many("<p a='b' c=d e")),
    "paragraphs of open quotation marks": lambda: described(many("<p a='")),
    "paragraphs of spaces": lambda: described(many("<p   >      \n      ")),
    "empty blocks": lambda: described(many("<ul><li></li></ul>")),
    "references": lambda: described("<b>" + many("&amp;&lt;&notit;&#38;")),
    "CDATA in HTML": lambda: described(many("&lt;![CDATA[<b>")),
    "a large number": lambda: described(f"<b>&#{many('9')};"),
    "many links of Atom": lambda: atom(
        "<entry><title>x</title>" + many('<link href="/x"/>') + "</entry>"
    ),
    "a long base": lambda: atom(
        "<entry><title>x</title><link href='a'/></entry>" * 500,
        attributes=f"xml:base='https://c.example/{'x' * 4_000_000}'",
    ),
    "an author that is nearly an address": lambda: rss(
        "<item><title>x</title><author>" + many("@") + " (x</author></item>"
    ),
    "authors that are nearly addresses": lambda: rss(
        many("<item><title>x</title><author>" + "@" * 1_900 + " (x</author></item>")
    ),
    "marks to be mended": lambda: snow(many("& < ")),
    "tags to be mended": lambda: snow(many("<b x=1 y='2>")),
    "attributes to be mended": lambda: snow("<b " + many("x=1 ") + ">&"),
    "elements to be closed": lambda: snow(many("<p>x</b>")),
    "items to be closed": lambda: rss(many("<item><title>x")),
    "names to be read": lambda: snow(many("&nbsp;")),
    "open sections": lambda: snow(many("<![CDATA[")),
    "open quotation marks of XML": lambda: snow(many('<a b="')),
    "ends of nothing": lambda: snow(many("</a>")),
    "a feed behind instructions": lambda: many("<?xml ?>") + rss(ITEM),
    "declared names": lambda: "<!DOCTYPE rss [" + many("<!ENTITY x 'y'>") + "]>" + rss(ITEM),
    "an open declaration": lambda: "<!DOCTYPE rss [" + many("<!ENTITY x 'y"),
    "bytes of no encoding": lambda: rss(ITEM).encode() + b"\xe9\x20" * 2_000_000,
    "namespaces": lambda: snow("".join(f'<x xmlns="u:{n}"/>' for n in range(200_000))),
    "comments before the root": lambda: many("<!-- -->") + "<rss/>",
    "a long document type": lambda: "<!DOCTYPE rss " + many('"a"') + "><rss/>",
    "an open document type": lambda: '<!DOCTYPE rss "' + many("a"),
    "many attributes of the root": lambda: (
        "<rss " + " ".join(map("a{}=''".format, range(350_000))) + "/>"
    ),
    "lists in lists": lambda: b'{"version": "https://jsonfeed.org/version/1", "x": ' + b"[" * BYTES,
    "many tags": lambda: json_feed({"title": "x", "tags": ["a"] * 900_000}),
    "many attachments": lambda: json_feed({"title": "x", "attachments": [{"url": "/a"}] * 250_000}),
    "many lines": lambda: json_feed({"title": "x", "content_text": "x\n\n" * 900_000}),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_no_document_takes_more_time_than_its_size(name: str) -> None:
    timed(HARMFUL[name]())


def test_the_tags_of_a_feed_are_counted_over_all_its_entries() -> None:
    html = "<b>x</b>" * 300
    parsed = timed(json_feed(*[{"title": str(n), "content_html": html} for n in range(300)]))

    assert len(parsed.articles) == 250  # of 600 tags each
    assert reasons(parsed)[0] == ("text-too-long", "items[250]")
