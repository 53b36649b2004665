"""Pages of articles and stories that are open: what is taken back vanishes, changes are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.events import ArticleCanceled, ArticleCorrected, ArticleWithheld
from tests.browser.test_live_page import LOADED_MS, STORY, first_headline, live, story
from tests.conftest import NewServer
from tests.live_desk import Wire
from tests.wire_builders import carried, notice, opened, quoted

OFFLINE_MS: Final = 30_000
GONE: Final = "This article is not available any more."


@pytest.fixture
def wire(new_server: NewServer, tmp_path: Any) -> Iterator[Wire]:
    made = Wire(tmp_path / "desk", new_server().url)
    made.say(*(story(number) for number in range(1, 5)), quoted("0.00198"))
    made.say(opened(STORY, "article-3", "article-4"))
    yield made
    made.close()


def words(page: Page) -> str:
    """Everything that a page holds, head and attributes too."""
    return page.content()


@pytest.mark.parametrize("path", ["articles/article-4", "articles/article-4/history"])
def test_a_killed_article_leaves_its_own_open_page(browser: Browser, wire: Wire, path: str) -> None:
    page = live(browser, wire.url + path)
    assert "Headline 4" in words(page)

    wire.say(notice(ArticleCanceled, "article-4"))

    expect(page.get_by_role("heading", name="This article was canceled")).to_be_visible()
    assert "Headline 4" not in words(page)
    assert page.title() == "Newswire"
    page.context.close()


def test_a_withheld_article_leaves_its_page_and_a_notice_that_cannot_be_had_changes_nothing(
    browser: Browser, wire: Wire
) -> None:
    page = live(browser, f"{wire.url}articles/article-4")
    page.route(f"{wire.url}articles/article-4", lambda route: route.abort())

    wire.say(notice(ArticleWithheld, "article-4"))

    expect(page.locator("#state")).to_have_text(GONE)
    expect(page.locator("main")).to_have_text(GONE)
    assert "Headline 4" not in words(page)
    page.context.close()


def test_a_notice_of_another_article_touches_nothing(browser: Browser, wire: Wire) -> None:
    page = live(browser, f"{wire.url}articles/article-4")

    wire.say(notice(ArticleCanceled, "article-3"), story(4, "Headline 4, corrected"))

    expect(page.locator("#fresh")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Headline 4")
    page.context.close()


def test_a_correction_is_told_and_shown_when_it_is_asked_for(browser: Browser, wire: Wire) -> None:
    page = live(browser, f"{wire.url}articles/article-4")
    wire.say(carried(ArticleCorrected, "article-4", headline="Headline 4, corrected"))

    pill = page.get_by_role("button", name="This article was corrected: show it")
    expect(pill).to_be_visible()
    expect(page.locator("h1")).to_have_text("Headline 4")
    pill.click()

    expect(page.locator("h1")).to_have_text("Headline 4, corrected")
    assert page.title() == "Headline 4, corrected – Newswire"
    expect(page.locator("#fresh")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "content"
    page.context.close()


def test_a_story_loses_what_was_taken_back_and_its_headline_with_it(
    browser: Browser, wire: Wire
) -> None:
    page = live(browser, f"{wire.url}stories/{STORY}")
    assert words(page).count("Headline 3") > 1

    wire.say(notice(ArticleCanceled, "article-3"))

    expect(page.locator("h1")).to_have_text(GONE)
    expect(page.locator(".steps li").first).to_have_text(GONE)
    assert "Headline 3" not in words(page)
    assert "Headline 4" in words(page)
    page.context.close()


def test_after_half_a_minute_without_a_network_nothing_is_missing(
    browser: Browser, wire: Wire
) -> None:
    page = live(browser, wire.url)
    page.context.set_offline(True)  # Playwright's signature
    # Chromium leaves connections that are open as they are: this one ends, and no other can begin.
    wire.api.kill()
    wire.api.wait()
    wire.desk.start("api")
    page.wait_for_timeout(OFFLINE_MS // 2)
    wire.say(story(40), story(41), notice(ArticleCanceled, "article-4"))
    wire.say(quoted("0.00203", "2026-03-05"))
    page.wait_for_timeout(OFFLINE_MS // 2)
    expect(page.locator("#fresh")).to_be_hidden()
    expect(first_headline(page)).to_have_text("Headline 4")

    page.context.set_offline(False)  # Playwright's signature

    expect(page.get_by_role("button", name="2 new")).to_be_visible(timeout=LOADED_MS)
    expect(page.locator(".gone")).to_have_text(GONE)
    expect(page.locator(".ticker .value").first).to_have_text("0.00203", timeout=LOADED_MS)
    expect(page.locator("#state")).to_have_text("Live")
    page.context.close()


def test_a_machine_that_slept_asks_for_a_connection_of_its_own(
    browser: Browser, wire: Wire
) -> None:
    """A connection that died in the sleep looks open until something is sent through it."""
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(wire.url)
    expect(page.locator("#state")).to_have_text("Live")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.clock.run_for(20_000)
    page.wait_for_timeout(200)
    assert [url for url in asked if "/v1/stream" in url] == []
    page.clock.fast_forward(3_600_000)

    expect(page.locator("#state")).to_have_text("Live")
    page.wait_for_timeout(500)
    assert len([url for url in asked if "/v1/stream" in url]) == 1
    context.close()
