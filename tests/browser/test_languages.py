"""The pages in other languages: in a hand, without JavaScript, and live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from services.api.words.languages import TRANSLATED
from shared.events import ArticleCorrected
from tests.api_process import ApiProcess, desk
from tests.browser.test_front_page import fill
from tests.conftest import NewServer
from tests.live_desk import Wire
from tests.view_files import article_id
from tests.wire_builders import carried

HAND: Final = (390, 844)
CODES: Final = [language.code for language in TRANSLATED]
PATHS: Final = ("", f"articles/{article_id(1)}", "rates/KGS-USD", "nothing")


api = desk(fill)


@pytest.fixture(params=[HAND[0], 320, 1280])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page of three widths, without JavaScript."""
    size = {"width": request.param, "height": HAND[1]}
    context = browser.new_context(viewport=size, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("code", CODES)
def test_no_page_is_wider_than_its_window(page: Page, api: ApiProcess, code: str) -> None:
    for path in PATHS:
        page.goto(f"{api.url}/{code}/{path}")
        root = page.locator("html")

        assert root.get_attribute("lang") == code
        assert root.evaluate("one => one.scrollWidth") <= root.evaluate("one => one.clientWidth")
        for part in page.locator(".sections a, .languages a, .foot a, .ticker li").all():
            box = part.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= root.evaluate("one => one.clientWidth")


def test_the_switch_leads_to_the_same_page_and_links_stay_there(
    page: Page, api: ApiProcess
) -> None:
    page.goto(f"{api.url}/?tag=iso3166:KZ")
    page.click(".languages >> text=Қазақша")

    assert page.url == f"{api.url}/kk/?tag=iso3166:KZ"
    expect(page.locator(".filters")).to_contain_text("Қазақстан")
    page.locator("main .headline a").first.click()
    assert page.url == f"{api.url}/kk/articles/{article_id(1)}"
    page.click(".languages >> text=Русский")
    assert page.url == f"{api.url}/ru/articles/{article_id(1)}"
    expect(page.locator(".languages [aria-current]")).to_have_text("Русский")
    page.click(".name a")
    assert page.url == f"{api.url}/ru/"
    page.click(".languages >> text=English")
    assert page.url == f"{api.url}/"


@pytest.fixture
def wire(new_server: NewServer, tmp_path: Any) -> Iterator[Wire]:
    made = Wire(Path(tmp_path) / "desk", new_server().url)
    made.say(*(carried(article_id=f"article-{number}") for number in range(1, 4)))
    yield made
    made.close()


def test_the_live_page_counts_in_the_forms_of_its_language(browser: Browser, wire: Wire) -> None:
    size = {"width": HAND[0], "height": HAND[1]}
    page = browser.new_context(viewport=size).new_page()
    page.goto(f"{wire.url}ru/")
    state, pause = page.locator("#state"), page.locator("#pause")
    expect(state).to_have_text("Онлайн")

    wire.say(carried(article_id="article-11"))
    expect(page.locator("#fresh")).to_have_text("1 новый")
    wire.say(*(carried(article_id=f"article-{number}") for number in (12, 13)))
    wire.say(carried(ArticleCorrected, "article-1", headline="Another"))
    expect(page.locator("#fresh")).to_have_text("3 новых, 1 изменён")
    page.locator("#fresh").click()
    expect(page.locator("main .headline")).to_have_count(6)

    expect(pause).to_have_text("Пауза")
    pause.click()
    expect(state).to_have_text("На паузе")
    expect(pause).to_have_text("Продолжить")
    page.context.close()
