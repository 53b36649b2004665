"""Atom 0.3, and Atom 1.0 that is not quite what it should be."""

from datetime import UTC, datetime

import pytest

from tests.feeds import atom_entry, read

WHOLE = """<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en">
  <title mode="escaped" type="text/html">Steppe &lt;b&gt;Courier&lt;/b&gt;</title>
  <tagline>News of the steppe</tagline>
  <link rel="alternate" type="text/html" href="https://courier.example/"/>
  <modified>2026-03-01T07:00:00Z</modified>
  <author><name>The desk</name></author>
  <copyright>© Steppe Courier</copyright>
  <entry>
    <title>Snow</title>
    <link rel="alternate" type="text/html" href="https://courier.example/1"/>
    <id>tag:courier.example,2026:1</id>
    <issued>2026-03-01T06:00:00Z</issued>
    <modified>2026-03-01T06:30:00Z</modified>
    <summary type="text/plain">Closed.</summary>
    <content type="text/html" mode="escaped">&lt;p&gt;Pass is &lt;b&gt;closed&lt;/b&gt;.</content>
  </entry>
</feed>"""


def test_an_entry_of_atom_03_is_read_with_all_that_it_says() -> None:
    parsed = read(WHOLE)

    assert (parsed.format, parsed.problems) == ("atom", ())
    (entry,) = parsed.articles
    assert (entry.headline, entry.summary, entry.body_html) == (
        "Snow", "Closed.", "<p>Pass is <b>closed</b>.</p>",
    )  # fmt: skip
    assert (entry.published_at, entry.updated_at) == (
        datetime(2026, 3, 1, 6, 0, tzinfo=UTC), datetime(2026, 3, 1, 6, 30, tzinfo=UTC),
    )  # fmt: skip
    assert (entry.authors, entry.rights, entry.declared_language) == (
        ("The desk",), "© Steppe Courier", "en",
    )  # fmt: skip
    assert parsed.about is not None
    assert (parsed.about.title, parsed.about.description, parsed.about.updated_at) == (
        "Steppe Courier", "News of the steppe", datetime(2026, 3, 1, 7, 0, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('<content mode="base64" type="text/html">PHA+U25vdzwvcD4=</content>', "Snow"),
        ('<content mode="base64">not base64</content>', "not base64"),
        ('<content mode="escaped" type="text/plain">1 &lt;b&gt; 2</content>', "1 <b> 2"),
        ('<content mode="xml" type="text/html"><p xmlns="">Snow</p></content>', "Snow"),
        ("<content><p xmlns=''>Snow</p></content>", "Snow"),
    ],
)
def test_content_is_read_by_its_mode(content: str, text: str) -> None:
    assert atom_entry(content).paragraphs == (text,)


def test_bytes_of_no_kind_that_are_a_text_are_it_where_there_is_no_other() -> None:
    content = '<content type="application/octet-stream">U25vdw==</content>'

    assert atom_entry(content).paragraphs == ("Snow",)
    assert atom_entry(f"{content}<summary>Closed.</summary>").paragraphs == ("Closed.",)


@pytest.mark.parametrize(
    "namespace",
    ["http://www.w3.org/2005/Atom", "https://www.w3.org/2005/Atom/", "http://w3.org/2005/atom",
     "http://purl.org/atom/ns#", "urn:unknown", ""],
)  # fmt: skip
def test_atom_is_known_though_its_namespace_is_not(namespace: str) -> None:
    parsed = read(
        f'<feed xmlns="{namespace}"><title>C</title><entry><title>Snow</title>'
        "<content>Closed.</content></entry></feed>"
    )

    assert [(entry.headline, entry.paragraphs) for entry in parsed.articles] == [
        ("Snow", ("Closed.",))
    ]


def test_an_entry_without_a_link_is_at_its_id_where_that_is_an_address() -> None:
    assert atom_entry("<id>https://c.example/1</id>").url == "https://c.example/1"
    assert atom_entry("<id>urn:1</id>").url is None
    assert atom_entry('<id>https://c.example/1</id><link rel="self" href="/x"/>').url is None


def test_an_id_that_is_relative_is_so_to_the_base_that_is_declared() -> None:
    entry = atom_entry("<id>1</id>", attributes='xml:base="https://c.example/a/"')

    assert entry.source_item_id == "https://c.example/a/1"


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        ('<summary type="html" xml:base="https://b.example/">&lt;a href="1"&gt;x</summary>',
         "https://b.example/1"),
        (('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"'
         ' xml:base="https://b.example/"><a href="1">x</a></div></content>'), "https://b.example/1"),
        ('<content type="html">&lt;a href="1"&gt;x</content>', "https://c.example/1"),
    ],
)  # fmt: skip
def test_addresses_in_a_text_are_relative_to_the_base_around_it(inside: str, address: str) -> None:
    entry = atom_entry(inside, attributes='xml:base="https://c.example/"')

    assert f'href="{address}"' in (entry.body_html or "")
