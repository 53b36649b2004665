"""Each hostile text alone, as the markup and as the title of an entry; and titles that turn."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from lxml import html as lxml_html

from services.api import typeset
from services.ingest.parse.feeds.markup import prose_of
from services.ingest.parse.limits import MARKUP_TAGS_MAX
from tests.hostile.snippets import addresses, snippets
from tests.view_files import ViewFile, article_id, client

TEXTS: Final = snippets(9)
_KEPT: Final = (
    "a b blockquote br caption code em h2 h3 h4 i li ol p pre strong sub sup "
    "table tbody td th tr ul"
)
AROUND: Final = ("{}", "<p>a {} b</p>", "<table><tr><td>{}", "<ul><li>{}", "<b><a href=/x>{}")


def test_there_are_more_than_three_hundred_of_them_and_no_two_alike() -> None:
    assert len(TEXTS) > 300
    assert len(set(TEXTS)) == len(TEXTS)
    assert len(addresses(9)) > 60


@pytest.mark.parametrize("around", AROUND)
def test_of_each_text_alone_a_few_elements_are_left(around: str) -> None:
    left = set()
    for text in TEXTS:
        markup = prose_of(around.replace("{}", text), None, MARKUP_TAGS_MAX).html
        made = lxml_html.fragment_fromstring(markup or "", create_parent="section")
        for element in made.iterdescendants():
            assert element.tag in _KEPT.split(), text
            assert set(element.attrib) <= {"href", "rel", "colspan", "rowspan"}, text
            href = element.attrib.get("href", "https://")
            assert href.startswith(("http://", "https://", "mailto:")), text
            left.add(element.tag)
    assert {"a", "p"} <= left


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("exe.\u202egnp\u202c of", "exe.gnp of"),
        ("\u2067\u2066\u2069a\u2068", "a"),
        ("\u200f\u0645\u200e\u061c", "\u200f\u0645\u200e\u061c"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_a_line_turns_nothing_that_stands_beside_it(text: str, shown: str) -> None:
    assert typeset.one_line(text) == shown


def test_no_title_name_or_category_turns_the_page_around_it(tmp_path: Path) -> None:
    view = ViewFile(tmp_path / "views")
    turning = "\u202eRates\u2066"
    view.article(
        1, position=1, headline=turning, credit=turning, authors=[turning], categories=[turning],
        body=["A paragraph keeps what it has: \u202eturned\u202c."],
    )  # fmt: skip
    story_id = view.story(1, 1)
    view.publish()
    api = client(view.folder)
    story = api.get(f"/stories/{story_id}").text
    page = api.get(f"/articles/{article_id(1)}", headers={"Accept": "text/html"}).text
    front = api.get("/", headers={"Accept": "text/html"}).text

    assert page.count("Rates") >= 5
    assert page.count("\u202e") == 1
    assert "\u2066" not in page + front + story
    assert (story.count("Rates"), story.count("\u202e")) == (5, 0)
    assert front.count("\u202e") == 1
