"""The slider in a browser: with JavaScript it says its instant, without it the form leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.api_process import ApiProcess, desk
from tests.view_files import KZ, ViewFile

SLIDER: Final = 'input[name="at"]'
_DAY_MS: Final = 86_400_000
_BEGIN_MS: Final = 1_772_409_600_000
"""2 March 2026, 00:00 UTC."""


def fill(data_dir: Path) -> None:
    view = ViewFile(data_dir / "views")
    for number in range(1, 6):
        view.article(number, KZ, headline=f"Headline {number}", listed_on="2026-03-02")
    view.connection.executemany(
        "INSERT INTO moment (seq, at_ms) VALUES (?, ?)",
        [(seq, _BEGIN_MS + (seq - 1) * _DAY_MS // 2) for seq in range(1, 6)],
    )
    view.publish()


api = desk(fill)


@pytest.fixture
def page(browser: Browser, api: ApiProcess) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda one: faults.append(one.text) if one.type == "error" else None)
    opened.goto(api.url)
    yield opened
    context.close()
    assert not [one for one in faults if "Content Security" in one or "Error" in one]


def test_without_a_script_the_form_leads_to_the_past_and_back(
    browser: Browser, api: ApiProcess
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{api.url}/?tag=iso3166:KZ")
    page.locator("details.past summary").click()
    slider = page.locator(SLIDER)
    slider.focus()
    slider.press("Home")
    slider.press("ArrowRight")
    page.get_by_role("button", name="Show it as it was").click()

    assert page.url == f"{api.url}/?tag=iso3166%3AKZ&at=2"
    assert page.locator("main .story .headline").all_inner_texts() == ["Headline 1", "Headline 2"]
    assert "2 March 2026, 12:00 UTC, at event 2 of 5" in page.locator(".stood").inner_text()
    page.get_by_role("link", name="Back to now").click()
    assert page.url == f"{api.url}/?tag=iso3166%3AKZ"
    assert page.locator("main .story").count() == 5
    context.close()


def test_with_a_script_the_instant_under_the_thumb_is_said(page: Page) -> None:
    assert not page.locator(SLIDER).is_visible()
    page.locator("details.past summary").click()
    slider, said = page.locator(SLIDER), page.locator('output[for="at"]')
    assert said.inner_text() == "now"

    slider.focus()
    slider.press("Home")
    assert said.inner_text() == "about 2 March 2026 at 00:00 UTC, event 1"
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert said.inner_text() == "about 3 March 2026 at 00:00 UTC, event 3"
    assert slider.get_attribute("aria-valuetext") == said.inner_text()
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") == "now"


def test_a_page_of_the_past_goes_on_in_the_past_and_does_not_change(page: Page) -> None:
    page.goto(f"{page.url}?at=3")
    assert page.locator("#live").count() == 0
    page.locator("main .headline a").first.click()

    assert page.url.endswith("?at=3")
    assert "at event 3 of 5" in page.locator(".stood").inner_text()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_of_it_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{page.url}kk/?at=3")

    assert page.locator(SLIDER).is_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    box = page.get_by_role("button", name="Сол кездегідей көрсету").bounding_box()
    assert box
    assert box["height"] >= 24
