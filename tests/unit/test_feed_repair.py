"""Feeds that are not well-formed: read as far as they can be understood, and said to have been."""

import pytest

from services.ingest.parse.document import Parsed
from tests.feeds import read, reasons, rss

ITEM = "<item><title>Snow</title></item>"


def headlines(parsed: Parsed) -> list[str]:
    return [entry.headline for entry in parsed.articles]


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("AT&T", "AT&T"),
        ("Snow & Ice &", "Snow & Ice &"),
        ("1 < 2 and 3 <4", "1 < 2 and 3 <4"),
        ("Snow&nbsp;&eacute;&mdash;", "Snow é—"),
        ("&unknown; Snow", "&unknown; Snow"),
        ("Sn&#0;o&#xD800;w&#31;", "Snow"),
        ("Snow ]]> Ice", "Snow ]]> Ice"),
        ("Snow <b>and <i>Ice</b>", "Snow and Ice"),
        ("Snow</b> Ice", "Snow Ice"),
        ("<![CDATA[AT&T & Snow]]> &", "AT&T & Snow &"),
    ],
)
def test_marks_that_are_no_markup_are_read_as_text(title: str, headline: str) -> None:
    parsed = read(rss(f"<item><title>{title}</title></item>{ITEM}"))

    assert headlines(parsed) == [headline, "Snow"]
    assert reasons(parsed) == [("repaired", "line 1")]


def test_what_was_mended_is_said_with_its_line() -> None:
    parsed = read(rss(f"{ITEM}\n<item><title>A & B & C</title><link>x</item>"))

    assert reasons(parsed) == [("repaired", "line 2")]
    assert parsed.problems[0].detail.endswith("mended: 2 mark written as text, 1 element closed")


@pytest.mark.parametrize(
    "items",
    [
        "<item><title>A</item><item><title>B</item>",
        "<item><title>A<link>https://c.example/1</link></item><item><title>B</title></item>",
        "<item><title>A</title><item><title>B</title>",
        "<item><Title>A</TITLE></item><item><title>B</tittle></item>",
        (
            "<item><title>A</title><description>a<br>b<p>c</description></item>"
            "<item><title>B</title></item>"
        ),
        "<item><title>A</title></description></item><item><title>B</title></item>",
        '<item a="1" a="2"><title>A</title></item><item b=1 c=\'"&\'><title>B</title></item>',
        "<item><title>A</title><dq:x>1</dq:x></item><item><title>B</title></item>",
        "<item><title>A</title><!-- a -- b --></item><item><title>B</title></item>",
    ],
)
def test_elements_that_are_not_closed_or_closed_twice_keep_their_entries_apart(items: str) -> None:
    parsed = read(rss(items))

    assert headlines(parsed) == ["A", "B"]
    assert reasons(parsed) == [("repaired", "line 1")]


def test_markup_that_was_not_escaped_is_the_text() -> None:
    (entry,) = read(rss("<item><description>a<br>b <b>c<p>d & e</description></item>")).articles

    assert entry.paragraphs == ("a b c", "d & e")
    assert entry.body_html == "<p>a<br>b <b>c</b></p><p><b>d &amp; e</b></p>"


@pytest.mark.parametrize(
    "cut",
    [
        "<item><title>B</title><description>The pass is",
        "<item><title>B</title><description><![CDATA[The pass is",
        "<item><title>B</title><description>The pass</descr",
        "<item><title>B</title><link",
        "<item><ti",
    ],
)
def test_of_a_feed_that_breaks_off_the_entries_before_the_break_stand(cut: str) -> None:
    whole = rss("<item><title>A</title></item>\n" + cut)
    parsed = read(whole.removesuffix("</channel></rss>"))

    assert headlines(parsed) == ["A"]
    assert reasons(parsed) == [("repaired", "line 2")]
    assert "1 entry that breaks off left out" in parsed.problems[0].detail


def test_a_feed_that_lacks_only_its_end_is_whole() -> None:
    parsed = read(rss("<item><title>A</title></item>").removesuffix("</channel></rss>"))

    assert headlines(parsed) == ["A"]


@pytest.mark.parametrize(
    "before",
    [
        "Notice: Undefined index in /srv/feed.php on line 3\n",
        "<br />\n<b>Warning</b>: no session <br />\n",
        '<!-- made by hand -->\n\n<?xml version="1.0"?>\n',
        'x<?xml version="1.0" encoding="utf-8"?>',
    ],
)
def test_what_stands_before_a_feed_is_passed_over(before: str) -> None:
    assert headlines(read(before + rss(ITEM))) == ["Snow"]


def test_what_stands_before_a_feed_is_told() -> None:
    parsed = read("Warning: " + rss(ITEM))

    assert reasons(parsed) == [("repaired", "line 1")]
    assert "“Warning:”" in parsed.problems[0].detail


@pytest.mark.parametrize("behind", ["more", "</div></body></html>", "<script>x</script>", "<rss/>"])
def test_what_stands_behind_a_feed_is_left_out(behind: str) -> None:
    parsed = read(f"{rss(ITEM)}\n{behind}")

    assert headlines(parsed) == ["Snow"]
    assert reasons(parsed) == [("repaired", "line 2")]


def test_lines_are_those_of_the_document_as_it_came() -> None:
    parsed = read(rss("<!-- a\nb -->\n<item><title>A & B</title></item>\n" + ITEM))

    assert [entry.line for entry in parsed.articles] == [3, 4]


@pytest.mark.parametrize("named", ["", ' PUBLIC "-//Netscape//DTD RSS 0.91//EN" "x.dtd"'])
def test_names_of_html_are_read_and_told_unless_a_document_type_may_declare_them(
    named: str,
) -> None:
    doctype = f"<!DOCTYPE rss{named}>" if named else ""
    parsed = read(
        doctype + rss("<item><title>Caf&eacute; &amp; <![CDATA[&eacute;]]></title></item>")
    )

    assert headlines(parsed) == ["Café & é"]
    assert reasons(parsed) == ([] if named else [("repaired", "line 1")])


def test_a_page_of_html_with_a_feed_in_its_text_is_no_feed() -> None:
    parsed = read("<!DOCTYPE html><html><body><pre>&lt;rss&gt;</pre></body></html>")

    assert (parsed.format, parsed.articles) == ("unknown", ())
