"""Modules of RSS and Atom: what they say where the format is silent, under any name they go by."""

from datetime import UTC, datetime

import pytest

from services.ingest.parse.document import ArticleEntry
from shared.news import DeclaredTag
from tests.feeds import atom_entry, item, read

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def declared(inside: str, **namespaces: str) -> ArticleEntry:
    """The entry of a feed that declares these namespaces."""
    names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in namespaces.items())
    title = "" if "title>" in inside else "<title>Snow</title>"
    parsed = read(f"<rss {names}><channel><item>{title}{inside}</item></channel></rss>")
    assert len(parsed.articles) == 1, parsed.problems
    return parsed.articles[0]


@pytest.mark.parametrize(
    ("prefix", "namespace"),
    [
        ("content", "http://purl.org/rss/1.0/modules/content/"),
        ("content", "http://purl.org/rss/1.0/modules/content"),
        ("content", "HTTP://PURL.ORG/RSS/1.0/MODULES/CONTENT/"),
        ("c", "https://purl.org/rss/1.0/modules/content/"),
        ("content", "http://example.org/content"),
    ],
)
def test_a_module_is_known_by_its_namespace_however_spelt_or_by_its_prefix(
    prefix: str, namespace: str
) -> None:
    said = f"<{prefix}:encoded>The pass.</{prefix}:encoded><description>S</description>"

    assert declared(said, **{prefix: namespace}).paragraphs == ("The pass.",)


def test_a_module_that_is_not_declared_is_known_by_its_prefix() -> None:
    parsed = read(
        "<rss><channel><item><title>Snow</title><content:encoded>The pass.</content:encoded>"
        "<dc:creator>Aigerim</dc:creator></item></channel></rss>"
    )

    assert [(e.paragraphs, e.authors) for e in parsed.articles] == [(("The pass.",), ("Aigerim",))]


def test_an_element_of_an_unknown_module_is_mistaken_for_nothing() -> None:
    entry = declared("<x:title>Other</x:title><title>Snow</title>", x="urn:x")

    assert entry.headline == "Snow"


def test_a_prefix_that_is_customary_for_another_module_does_not_mislead() -> None:
    entry = declared(
        "<media:creator>Aigerim</media:creator>", media="http://purl.org/dc/elements/1.1/"
    )

    assert entry.authors == ("Aigerim",)


def test_podcasts_say_what_rss_does_not() -> None:
    entry = declared(
        "<itunes:author>Aigerim</itunes:author><itunes:summary>The pass.</itunes:summary>"
        '<itunes:keywords>roads, snow</itunes:keywords><itunes:image href="https://c.example/a.jpg"/>',
        itunes=ITUNES,
    )

    assert (entry.authors, entry.paragraphs, entry.categories) == (
        ("Aigerim",), ("The pass.",), ("roads", "snow"),
    )  # fmt: skip
    assert [medium.url for medium in entry.media] == ["https://c.example/a.jpg"]


def test_the_author_of_the_item_goes_before_that_of_a_module() -> None:
    entry = declared(
        "<author>Aigerim</author><itunes:author>The Podcast</itunes:author>", itunes=ITUNES
    )

    assert entry.authors == ("Aigerim",)


def test_films_in_a_group_say_what_atom_does_not() -> None:
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    entry = atom_entry(
        f"<media:group {media}><media:title>Snow</media:title>"
        "<media:description>The pass.</media:description>"
        '<media:content url="https://c.example/a.mp4" type="video/mp4"/>'
        '<media:thumbnail url="https://c.example/a.jpg"/></media:group><title/>'
    )

    assert (entry.headline, entry.paragraphs) == ("Snow", ("The pass.",))
    assert [medium.url for medium in entry.media] == [
        "https://c.example/a.mp4", "https://c.example/a.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "published", "updated"),
    [
        ("<a:published>2026-03-01T06:00:00Z</a:published>", 6, None),
        ("<a:updated>2026-03-01T07:00:00Z</a:updated>", None, 7),
        ("<t:created>2026-03-01T06:00:00Z</t:created><t:modified>2026-03-01T07:00:00Z</t:modified>",
         6, 7),
        ("<pubDate>1 Mar 2026 06:00 GMT</pubDate><t:issued>2026-02-01T00:00:00Z</t:issued>",
         6, None),
    ],
)  # fmt: skip
def test_modules_say_when(said: str, published: int | None, updated: int | None) -> None:
    entry = declared(said, a="http://www.w3.org/2005/Atom", t="http://purl.org/dc/terms/")

    assert (entry.published_at, entry.updated_at) == (
        datetime(2026, 3, 1, published, tzinfo=UTC) if published else None,
        datetime(2026, 3, 1, updated, tzinfo=UTC) if updated else None,
    )


@pytest.mark.parametrize(
    "said",
    [
        '<georss:point xmlns:georss="http://www.georss.org/georss">42.9 74.6</georss:point>',
        '<slash:comments xmlns:slash="http://purl.org/rss/1.0/modules/slash/">7</slash:comments>',
        '<thr:total xmlns:thr="http://purl.org/syndication/thread/1.0">7</thr:total>',
        '<source url="https://other.example/rss">Other Courier</source>',
        "<comments>https://c.example/1#comments</comments>",
    ],
)
def test_what_says_nothing_of_the_text_is_not_taken_for_it(said: str) -> None:
    entry = declared(said + "<description>The pass.</description>")

    assert (entry.headline, entry.paragraphs, entry.authors, entry.url) == (
        "Snow", ("The pass.",), (), None,
    )  # fmt: skip


def test_of_several_links_the_last_is_taken() -> None:
    entry = declared('<link>https://c.example/1</link><link href="https://c.example/2"/>')

    assert entry.url == "https://c.example/2"


MEDIATOPICS = "http://cv.iptc.org/newscodes/mediatopic/"


@pytest.mark.parametrize(
    ("inside", "tag"),
    [
        ("<category>Roads &amp;amp; rails</category>", {"name": "Roads & rails"}),
        (
            '<category domain="https://courier.example/topics">Roads</category>',
            {"scheme": "https://courier.example/topics", "code": "Roads", "name": "Roads"},
        ),
        (
            f'<category domain="{MEDIATOPICS}">20000344</category>',
            {"scheme": "medtop", "code": "20000344", "name": "20000344"},
        ),
        (
            '<atom:category term="r1" label="Roads" scheme="https://courier.example/topics"/>',
            {"scheme": "https://courier.example/topics", "code": "r1", "name": "Roads"},
        ),
        (
            '<media:category scheme="urn:topics" label="Roads">traffic/roads</media:category>',
            {"scheme": "urn:topics", "code": "traffic/roads", "name": "Roads"},
        ),
        ('<itunes:category text="Roads"/>', {"name": "Roads"}),
        ("<media:keywords>Roads, </media:keywords>", {"name": "Roads"}),
        ("<itunes:keywords>Roads</itunes:keywords>", {"name": "Roads"}),
        ("<dc:subject>Roads</dc:subject>", {"name": "Roads"}),
        ("<category>Roads</category><dc:subject>Roads</dc:subject>", {"name": "Roads"}),
    ],
)
def test_a_category_is_a_declared_tag_with_its_vocabulary(inside: str, tag: dict[str, str]) -> None:
    assert item(inside).declared_tags == (DeclaredTag.model_validate({"kind": "subject", **tag}),)
