"""What has changed since an instant, from the slider on: with the keyboard, without a script."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from services.projection.fold import Fold
from shared import views
from shared.events import ArticleCanceled, ArticleCorrected, ArticlePublished, RateRestated
from shared.testing.memory_log import MemoryLog
from tests.api_process import ApiProcess, desk
from tests.tabbing import tab_to
from tests.wire_builders import Newsroom, carried, entries, notice, opened, quiet, quoted

STORY: Final = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b51"
LONG: Final = "Aheadlineofonewordthatnoboxonasmallscreencanholdunbrokenatallwhateveritisabout"
EVENTS: Final = (
    carried(ArticlePublished, "a", headline="Lorries wait at the border"),
    carried(ArticlePublished, "b", headline="A road is shut"),
    quoted(value="520"),
    opened(STORY, "a", "b"),
    carried(ArticleCorrected, "a", headline="Lorries move on at the border"),
    quoted(value="525", kind=RateRestated),
    notice(ArticleCanceled, "b"),
    carried(ArticlePublished, "c", headline=LONG),
)


def fill(data_dir: Path) -> None:
    async def fold() -> None:
        log, folder = MemoryLog(), data_dir / "views"
        await Newsroom(log).broadcast(*EVENTS)
        folder.mkdir()
        connection = views.create(folder / "views-1.sqlite")
        await Fold(connection, "1.0", quiet()).take(await entries(log, "wire"))
        connection.close()
        views.publish(folder, folder / "views-1.sqlite")

    # Playwright has a loop in this thread already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, fold()).result()


api = desk(fill)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, browser: Browser, api: ApiProcess) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param)
    opened_page = context.new_page()
    opened_page.goto(api.url)
    yield opened_page
    context.close()


def test_from_the_slider_to_what_has_changed_since_with_the_keyboard_alone(
    page: Page, api: ApiProcess
) -> None:
    tab_to(page, "details.past summary")
    page.keyboard.press("Enter")
    tab_to(page, 'input[type="range"]')
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    tab_to(page, "details.past button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{api.url}/?at=4")
    tab_to(page, '.stood a[href^="/differences"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"{api.url}/differences?from=4")

    assert page.get_by_role("heading", level=1).inner_text() == "What has changed"
    assert page.locator(".lines .headline").all_inner_texts() == [
        "Lorries waitmove on at the border", LONG, "KZT/USD",
    ]  # fmt: skip
    assert page.locator(".lines .headline del").all_inner_texts() == ["wait"]
    assert page.locator(".lines .headline ins").all_inner_texts() == ["move on"]
    assert page.locator(".values").inner_text() == "520 525"
    assert page.locator(".lines .quiet").all_inner_texts() == [
        "An article is gone. Nothing of it is shown."
    ]
    assert "A road is shut" not in page.content()


def test_two_other_instants_are_compared_with_the_form(page: Page, api: ApiProcess) -> None:
    page.goto(f"{api.url}/differences")
    tab_to(page, "#from")
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")

    page.wait_for_url(f"{api.url}/differences?from=0&to=1")
    assert page.locator("#from").input_value() == "0"
    assert page.locator(".lines .headline").all_inner_texts() == ["Lorries wait at the border"]
    tab_to(page, ".lines .headline a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{api.url}/articles/a?at=1")
    assert "at event 1 of 8" in page.locator(".stood").inner_text()


def test_an_empty_later_instant_is_the_present(page: Page, api: ApiProcess) -> None:
    page.goto(f"{api.url}/differences")
    page.locator("#from").fill("7")
    page.get_by_role("button", name="Compare").click()

    page.wait_for_url(f"{api.url}/differences?from=7&to=")
    assert page.locator(".lines .headline").all_inner_texts() == [LONG]


def test_without_the_earlier_instant_the_browser_asks_for_it(page: Page, api: ApiProcess) -> None:
    page.goto(f"{api.url}/differences")
    page.get_by_role("button", name="Compare").click()

    assert page.url == f"{api.url}/differences"


def test_pages_follow_each_other(page: Page, api: ApiProcess) -> None:
    page.goto(f"{api.url}/differences?from=0&limit=2")
    seen = page.locator(".lines li").count()
    for _ in range(4):
        following = page.get_by_role("link", name="More changes")
        if not following.count():
            break
        following.click()
        seen += page.locator(".lines li").count()

    assert seen == 4  # a and c, their story, the rate: b came and went


@pytest.mark.parametrize("path", ["/differences", "/differences?from=0", "/differences?from=4",
                                  "/differences?from=8", "/kk/differences?from=4"])  # fmt: skip
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(
    browser: Browser, api: ApiProcess, path: str, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(api.url + path)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    boxes = [one.bounding_box() for one in page.locator(".instants :is(input, button)").all()]
    page.close()

    assert wide <= width
    assert all(box and box["height"] >= 24 and box["x"] + box["width"] <= width for box in boxes)


def test_what_was_typed_stays_to_be_mended(page: Page, api: ApiProcess) -> None:
    page.goto(f"{api.url}/differences")
    page.locator("#from").fill("yesterday")
    page.locator("#from").press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("query/from")
    assert page.locator("#from").input_value() == "yesterday"
    page.locator("#from").fill("4")
    page.locator("#from").press("Enter")
    page.wait_for_url(f"{api.url}/differences?from=4&to=")
    assert page.locator(".span").is_visible()
