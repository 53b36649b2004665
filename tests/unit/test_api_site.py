"""Pages of tags and sources, about, the wall; what pages say to machines."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from services.api.metadata import article
from tests.seeded_desk import seeded
from tests.view_files import ALMATY, KZ, SITE, UZ, ViewFile, article_document, article_id, client

LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
PAGES = (
    "/tags", "/tags/iso3166:KZ", "/sources", "/sources/steppe-courier", "/about", "/wall",
    "/fragments/ticker?source=",
)  # fmt: skip


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def page(view: ViewFile, path: str, status: int = 200) -> str:
    view.publish()
    answer = client(view.folder).get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def told(html: str) -> dict[str, Any]:
    found = LINKED.findall(html)
    assert len(found) == 1
    return dict(json.loads(found[0]))


def test_a_tag_is_named_counted_and_told_with_what_stands_beside_it(view: ViewFile) -> None:
    view.article(1, KZ, ALMATY)
    view.article(2, KZ, ALMATY, UZ, source="x-press", credit="X Press")
    view.article(3, UZ)
    view.story(1, 1, 2)

    html = page(view, "/tags/iso3166:KZ")

    assert '<h1 class="headline">Kazakhstan</h1>' in html
    assert "<span>Country</span> <span>2 articles</span>" in html
    assert '<a href="/tags/geonames:1526384">Almaty</a> <span class="relevance">2</span>' in html
    assert '<a href="/tags/iso3166:UZ">Uzbekistan</a> <span class="relevance">1</span>' in html
    assert '<a href="/sources/x-press">X Press</a> <span class="relevance">1</span>' in html
    assert 'href="/feeds/articles.atom?tag=iso3166%3AKZ"' in html
    assert f'href="/articles/{article_id(1)}"' in html
    assert f'href="/articles/{article_id(3)}"' not in html
    assert html.count('href="/stories/') == 3  # beside the tag, and under both articles


@pytest.mark.parametrize(
    ("code", "places", "place"),
    [
        ("", "Places", "Place"),
        ("/ru", "Места", "Место"),
        ("/kk", "Жерлер", "Жер"),
        ("/ky", "Жерлер", "Жер"),
        ("/uz", "Joylar", "Joy"),
    ],
)
def test_the_kinds_of_tags_are_told_in_every_language(
    view: ViewFile, code: str, places: str, place: str
) -> None:
    view.article(1, KZ, ALMATY)

    html = page(view, f"{code}/tags")
    assert f'id="kind-2">{places}</h2>' in html
    assert f'<a href="{code}/tags/geonames:1526384">Almaty</a>' in html
    assert f"<span>{place}" in page(view, f"{code}/tags/geonames:1526384")


def test_a_tag_that_no_article_bears_is_not_found_and_one_that_is_none_is_refused(
    view: ViewFile,
) -> None:
    view.article(1, KZ)

    assert "No article that can be shown bears the tag iso3166:XX." in page(
        view, "/tags/iso3166:XX", 404
    )
    assert "<h1>" in page(view, "/tags/no%20tag", 422)


@pytest.mark.parametrize("path", PAGES)
def test_what_was_taken_back_is_on_no_page(view: ViewFile, path: str) -> None:
    view.article(1, KZ)
    view.article(2, KZ, headline="Taken back", body=["Taken back."], rights="Taken back")
    view.story(1, 1, 2)
    view.notice(2, "canceled")

    assert "Taken back" not in page(view, path)


def test_a_tag_and_a_source_of_which_everything_was_taken_back_are_not_found(
    view: ViewFile,
) -> None:
    view.article(1, KZ)
    view.notice(1, "canceled")

    page(view, "/tags/iso3166:KZ", 404)
    page(view, "/sources/steppe-courier", 404)


def test_a_source_is_told_with_site_rights_rates_and_articles(view: ViewFile) -> None:
    view.article(1, KZ, url="https://desk:secret@courier.example:8443/a?b=c")
    view.rate("KGS/USD", "0.01143")

    html = page(view, "/sources/steppe-courier")

    assert '<h1 class="headline" dir="auto">Steppe Courier</h1>' in html
    assert "<span>1 article</span> <span>1 rate</span>" in html
    assert 'href="https://courier.example:8443/"' in html
    assert "secret" not in html.split('class="day"')[0]
    assert "© Steppe Courier" in html
    assert '<span class="value">0.01143</span>' in html


def test_every_source_is_named_with_its_rights(view: ViewFile) -> None:
    view.article(1, source="b", credit="Bulletin", rights="© B")
    view.rate("USD/KGS", "87.41", source="nbkr", credit="National Bank")

    for path in ("/sources", "/about"):
        html = page(view, path)
        assert '<a href="/sources/b">Bulletin</a>' in html
        assert "© B" in html
        assert '<a href="/sources/nbkr">National Bank</a>' in html


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        ("desk@news.example", '<a href="mailto:desk@news.example">desk@news.example</a>'),
        ("https://news.example/?a&b", '<a href="https://news.example/?a&amp;b">'),
        ("javascript:alert(1)", "<dd>javascript:alert(1)</dd>"),
        (None, None),
    ],
)
def test_about_says_how_the_desk_is_found(
    view: ViewFile, contact: str | None, told: str | None
) -> None:
    view.publish()
    api = client(view.folder)
    state: Any = api.app
    state.state.contact = contact

    html = api.get("/about").text

    assert ("<dt>Contact</dt>" in html) == (told is not None)
    assert (told or "") in html


def test_tags_are_listed_by_kind_with_their_numbers(view: ViewFile) -> None:
    view.article(1, KZ, ALMATY)
    view.article(2, KZ)

    html = page(view, "/tags")

    assert re.findall(r'id="kind-\d">([^<]+)<', html) == ["Countries", "Places"]
    assert '<a href="/tags/iso3166:KZ">Kazakhstan</a> <span class="relevance">2</span>' in html


def test_a_wall_has_six_headlines_and_six_rates(view: ViewFile) -> None:
    for number in range(1, 10):
        view.article(number, position=number)
        view.rate(f"AA{chr(64 + number)}/USD", "0.1")

    html = page(view, "/wall")

    assert html.count('<h2 class="headline"') == 6
    assert html.count('<span class="value">') == 6
    assert f"/articles/{article_id(1)}" in html


def test_pages_without_anything_say_so(view: ViewFile) -> None:
    for path in ("/tags", "/sources", "/about", "/wall"):
        page(view, path)


def test_an_article_says_to_machines_what_it_is(view: ViewFile) -> None:
    view.article(
        1, KZ, published_at="2026-03-02T04:30:00Z", updated_at="2026-03-02T05:00:00Z",
        authors=["A. Writer"], url="https://courier.example/a",
    )  # fmt: skip

    html = page(view, f"/articles/{article_id(1)}")

    assert told(html) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Headline 1",
        "description": "The first paragraph.",
        "inLanguage": "en",
        "datePublished": "2026-03-02T04:30:00Z",
        "dateModified": "2026-03-02T05:00:00Z",
        "author": [{"@type": "Person", "name": "A. Writer"}],
        "publisher": {"@type": "Organization", "name": "Steppe Courier"},
        "copyrightNotice": "© Steppe Courier",
        "keywords": ["Kazakhstan"],
        "url": f"https://news.example/articles/{article_id(1)}",
        "isBasedOn": "https://courier.example/a",
    }
    assert '<link rel="canonical" href="https://courier.example/a">' in html
    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="og:title" content="Headline 1">' in html
    url = f"https://news.example/articles/{article_id(1)}"
    assert f'<meta property="og:url" content="{url}">' in html


def test_a_desk_without_an_address_says_none() -> None:
    found = article(article_document(1), None)

    assert found.canonical is None
    assert "og:url" not in dict(found.properties)
    assert "https://news.example" not in str(found.linked)


@pytest.mark.parametrize(("display", "said"), [("excerpt", "In short."), ("headline", None)])
def test_no_more_is_said_to_machines_than_may_be_shown(display: str, said: str | None) -> None:
    document = article_document(1, display=display, summary="In short.", body=["The whole."])

    found = article(document, SITE)

    assert found.description == said
    assert "The whole." not in str(found.linked)


HOSTILE = (
    "</script><script>alert(1)</script>", "</title><script>alert(1)</script>", '"><svg onload=x>',
    "' onload='x", "<!-- <script>", "]]>", "\u202eeman", "\u2028\u2029", "{{ 7 * 7 }}", "&lt;b&gt;",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_leaves_its_place(view: ViewFile, text: str) -> None:
    view.article(
        1, ("iso3166", "KZ", text, "country"), headline=text, summary=text, body=[text],
        credit=text, rights=text, authors=[text], url=f"https://courier.example/{text}",
    )  # fmt: skip
    shown = text.replace("\u202e", "")

    for path in (f"/articles/{article_id(1)}", "/tags", "/sources", "/wall", "/about"):
        html = page(view, path)
        assert "<svg" not in html
        assert "alert(1)</script" not in html
        assert " onload='x" not in LINKED.sub("", html)
        bare = re.sub(r'<script type="(module" src="/static/[a-z]+\.js\?v=|application/)', "", html)
        assert "<script" not in bare.replace("&lt;script", "")
    linked = told(page(view, f"/articles/{article_id(1)}"))
    assert linked["headline"] == shown


@pytest.mark.parametrize("path", ["/tags/{}", "/sources/{}", "/wall?source={}", "/fragments/{}"])
@pytest.mark.parametrize("said", ["%3Cscript%3E", "%00", "%ff", "a'--", "a" * 3_000, "%E2%80%AE"])
def test_a_strange_address_is_a_problem_with_a_next_step(
    view: ViewFile, path: str, said: str
) -> None:
    view.publish()
    answer = client(view.folder).get(path.format(said), headers={"Accept": "text/html"})

    assert answer.status_code in {404, 422}
    assert '<p class="code">' in answer.text
    assert "<script>" not in answer.text


def test_a_country_has_one_number_on_every_page_and_in_its_list(tmp_path: Path) -> None:
    """Told or implied by its towns, copies left out."""
    api = client(tmp_path, log=seeded(tmp_path))
    listed = len(api.get("/v1/articles?tag=iso3166:KZ&limit=100").json()["items"])

    assert listed > 5
    assert f"<span>{listed} articles</span>" in api.get("/tags/iso3166:KZ").text
    of_all = lxml_html.document_fromstring(api.get("/tags").content)
    beside = of_all.xpath("string(//main//li[a[contains(@href, 'iso3166:KZ')]])")
    assert beside.split()[-1] == str(listed)
