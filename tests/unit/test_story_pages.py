"""The page of a story, and where articles name theirs."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.api.story_queries import COUNTED_MAX
from tests.view_files import ViewFile, article_id, client, story_id

TAGS = re.compile(r"<[^>]+>")
STORY = f"/stories/{story_id(1)}"


@pytest.fixture
def view(tmp_path: Path) -> ViewFile:
    return ViewFile(tmp_path)


def api(view: ViewFile) -> TestClient:
    view.publish()
    return client(view.folder)


def words(html: str) -> str:
    """The page as it is read."""
    return " ".join(unescape(TAGS.sub(" ", html)).split())


def test_a_story_has_its_articles_in_the_order_of_time(view: ViewFile) -> None:
    view.article(1, listed_on="2026-03-02", headline="The siege ends")
    view.article(
        2, published_at="2026-03-01T04:30:00.000000Z", source="observer", credit="Observer",
        language="ru", headline="Осада началась",
    )  # fmt: skip
    view.article(3, listed_on="2026-03-03", headline="The siege ends", copy_of=1)
    view.story(1, 1, 2, 3)

    html = api(view).get(STORY).text
    main = words(html.partition('tabindex="-1">')[2].partition("</main>")[0])

    assert main == (
        "A story The siege ends 3 articles, 2 sources, 2 languages "
        "last changed 2 March 2026, 06:00 UTC JSON "
        "1 March 2026, 04:30 UTC Осада началась Observer Русский "
        "2 March 2026 The siege ends Steppe Courier "
        "3 March 2026 The siege ends Steppe Courier a copy"
    )
    assert "<title>The siege ends – Newswire</title>" in html
    assert '<h2 class="headline" lang="ru" dir="auto"><a href="/articles/' in html
    assert f'href="/v1/stories/{story_id(1)}"' in html


def test_a_merged_story_leads_to_the_one_that_goes_on(view: ViewFile) -> None:
    for number in range(1, 5):
        view.article(number)
    view.story(1, 1, 2)
    view.story(2, 3, 4)
    view.merge(2, 1, 1, 2)

    answer = api(view).get(STORY)

    assert answer.status_code == 200
    assert f'<a href="/stories/{story_id(2)}">' in answer.text
    assert "Headline 1" not in answer.text


def test_a_closed_story_says_so(view: ViewFile) -> None:
    view.article(1)
    view.article(2)
    view.story(1, 1, 2)
    view.close(1, 1)

    assert "A story, closed" in words(api(view).get(STORY).text)


def test_a_story_of_which_nothing_is_left_shows_no_word_of_it(view: ViewFile) -> None:
    view.article(1, headline="Secret")
    view.article(2, headline="Secret")
    view.story(1, 1, 2, headline="Secret")
    view.notice(1, "canceled")
    view.notice(2, "withheld")

    html = api(view).get(STORY).text

    assert "Nothing of this story can be shown" in html
    assert "Secret" not in html


def test_an_article_names_its_story_on_its_page_and_on_the_front_page(view: ViewFile) -> None:
    for number in range(1, 5):
        view.article(number)
    view.story(1, 1, 2, 3)
    view.notice(3, "canceled")
    asked = api(view)
    link = f'<a class="part-of" href="{STORY}">2 articles in this story</a>'

    pages = [asked.get(f"/articles/{article_id(one)}").text for one in (1, 2, 4)]

    assert [link in html for html in pages] == [True, True, False]
    assert asked.get("/").text.count(link) == 2


def test_a_story_of_which_one_article_is_left_is_not_named(view: ViewFile) -> None:
    view.article(1)
    view.article(2)
    view.story(1, 1, 2)
    view.notice(2, "withheld")
    asked = api(view)

    for path in ("/", f"/articles/{article_id(1)}"):
        assert "in this story" not in asked.get(path).text


def test_a_long_story_is_counted_so_far(view: ViewFile) -> None:
    for number in range(1, COUNTED_MAX + 3):
        view.article(number)
    view.story(1, *range(1, COUNTED_MAX + 3))

    html = api(view).get(f"/articles/{article_id(1)}").text

    assert "50 or more articles in this story" in html


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("\u202eevil", "evil"),
        ('"><img src=x>', "&#34;&gt;&lt;img src=x&gt;"),
    ],
)
def test_a_headline_is_text_and_nothing_else(view: ViewFile, text: str, seen: str) -> None:
    view.article(1, headline=text, credit=text)
    view.article(2)
    view.story(1, 1, 2)

    html = api(view).get(STORY).text

    assert f"<title>{seen} – Newswire</title>" in html
    assert html.count(seen) == 4
    assert seen == text or text not in html
