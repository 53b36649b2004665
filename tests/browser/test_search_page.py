"""The page of a search in a browser: with the keyboard, without JavaScript, in a hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.api_process import ApiProcess, desk
from tests.tabbing import tab_to
from tests.view_files import KZ, ViewFile

DESK: Final[ViewportSize] = {"width": 1280, "height": 900}
HAND: Final[ViewportSize] = {"width": 390, "height": 844}
FOUND: Final = 23
"""Articles with the word: a page has twenty of them."""
LONG: Final = "Riverofwordswithoutanyblankthatnoboxonasmallscreencanholdunbrokenatallfloods"


def fill(data_dir: Path) -> None:
    view = ViewFile(data_dir / "views")
    for number in range(1, FOUND + 1):
        view.article(
            number, KZ, position=number, language="en", headline=f"Flood {number} in Osh",
            body=[f"A river broke its bank on day {number}. {LONG}"],
            published_at=f"2026-03-{number:02}T08:00:00.000000Z",
        )  # fmt: skip
    view.article(
        40, headline="Barley is dear", language="en", source="other", credit="The Other", body=[],
    )  # fmt: skip
    view.article(50, headline="Wheat is dear", language="en", body=["Nothing of water."])
    view.publish()


api = desk(fill)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browser: Browser, api: ApiProcess) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK, java_script_enabled=request.param)
    opened = context.new_page()
    opened.goto(api.url)
    yield opened
    context.close()


def typed(page: Page, words: str) -> None:
    tab_to(page, 'input[name="q"]')
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_words_typed_on_the_front_page_are_found_and_marked(page: Page, api: ApiProcess) -> None:
    typed(page, "floods")

    page.wait_for_url(f"{api.url}/search?q=floods")
    assert page.get_by_role("heading", level=1).inner_text() == "Search"
    assert page.locator('input[name="q"]').input_value() == "floods"
    assert page.locator(".count").inner_text().startswith(f"{FOUND} articles found")
    headlines = page.locator(".found .headline")
    assert headlines.count() == 20
    assert headlines.first.locator("mark").all_inner_texts() == ["Flood"]


def test_words_of_a_text_are_marked_in_a_part_of_it(page: Page) -> None:
    typed(page, "rivers")

    expect(page.locator(".found .snippet").first).to_contain_text("A river broke its bank")
    assert page.locator(".found .snippet").first.locator("mark").all_inner_texts() == ["river"]


def test_the_next_page_has_the_rest_and_no_article_twice(page: Page) -> None:
    typed(page, "flood")
    page.wait_for_url("**/search?q=flood")
    first = page.locator(".found .headline").all_inner_texts()
    tab_to(page, 'a[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**&cursor=*")
    rest = page.locator(".found .headline").all_inner_texts()

    assert (len(first), len(rest)) == (20, 3)
    assert sorted(first + rest) == sorted(f"Flood {one} in Osh" for one in range(1, FOUND + 1))
    assert page.locator('a[rel="next"]').count() == 0


def test_a_result_opens_and_back_is_the_search_again(page: Page) -> None:
    typed(page, '"Flood 7 in Osh"')
    page.wait_for_url("**/search?q=*")
    tab_to(page, ".found .headline a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/*")
    assert page.get_by_role("heading", level=1).inner_text() == "Flood 7 in Osh"
    page.go_back()

    assert page.locator(".found .headline").all_inner_texts() == ["Flood 7 in Osh"]


def test_the_newest_first_is_a_link(page: Page) -> None:
    typed(page, "flood")
    page.get_by_role("link", name="Newest first").click()

    page.wait_for_url("**/search?q=flood&sort=newest")
    assert page.locator(".found .headline").first.inner_text() == f"Flood {FOUND} in Osh"
    assert page.locator(".count [aria-current]").inner_text() == "Newest first"


def test_a_search_is_narrowed_and_widened_again(page: Page) -> None:
    typed(page, "dear")
    narrower = page.get_by_role("navigation", name="Narrow the results")
    expect(narrower.locator("dt")).to_have_text(["Sources"])
    narrower.get_by_role("link", name="The Other").click()

    expect(page.locator(".found .headline")).to_have_text(["Barley is dear"])
    expect(narrower).to_have_count(0)
    page.get_by_role("link", name="Remove The Other").click()
    expect(page.locator(".count")).to_contain_text("2 articles found")


def test_what_is_no_search_is_said_with_its_place_and_can_be_mended(page: Page) -> None:
    typed(page, 'Osh "flood')

    fault = page.get_by_role("alert")
    expect(fault.locator("h2")).to_have_text("This is no search")
    shown, place = fault.locator("pre").inner_text().splitlines()
    assert (shown, place) == ('Osh "flood', "    ^")
    assert "At character 5 of q" in fault.inner_text()
    field = page.locator('input[name="q"]')
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == "fault"
    field.focus()
    page.keyboard.press("End")
    page.keyboard.type('"')
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_contain_text(f"{FOUND} articles found")


def test_nothing_found_says_what_to_try(page: Page) -> None:
    typed(page, "glacier")

    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    assert "Leave one out" in page.locator(".empty").inner_text()


@pytest.mark.parametrize("query", ["", "?q=flood", "?q=river", "?q=%22flood", "?q=" + "a" * 300])
def test_in_a_hand_nothing_is_wider_than_the_screen(
    browser: Browser, api: ApiProcess, query: str
) -> None:
    page = browser.new_page(viewport=HAND)
    page.goto(f"{api.url}/search{query}")
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    field, button = (
        page.locator(f".search.large {one}") for one in ("input[type=search]", "button")
    )
    boxes = [one.bounding_box() for one in (field, button)]
    page.close()

    assert wide <= HAND["width"]
    assert all(box and box["height"] >= 24 for box in boxes)


def test_slash_leads_to_the_field(browser: Browser, api: ApiProcess) -> None:
    page = browser.new_page()
    page.goto(api.url)
    page.keyboard.press("/")
    page.keyboard.type("wheat")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{api.url}/search?q=wheat")
    found = page.locator(".found .headline").all_inner_texts()
    page.close()

    assert found == ["Wheat is dear"]
