"""Keys for who reads much, everything without a mouse, and what the first look costs."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api_process import ApiProcess, desk, serving
from tests.view_files import ALMATY, KZ, UZ, ViewFile, article_id

LOAD_BYTES_MAX: Final = 60_000


def fill(data_dir: Path) -> None:
    view = ViewFile(data_dir / "views")
    for number in range(1, 6):
        view.article(number, KZ, position=number)
    view.publish()


api = desk(fill)


@pytest.fixture
def page(browser: Browser, api: ApiProcess) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(api.url)
    yield opened
    context.close()


def letters(dice: random.Random, count: int) -> str:
    """Cyrillic letters in words, none of which comes again."""
    return "".join(dice.choice("абвгдежзийклмнопрстуфхцчшщыьэюя ") for _ in range(count)).strip()


def focused(page: Page) -> Any:
    return page.evaluate("document.activeElement.textContent.trim()")


def test_j_and_k_go_from_headline_to_headline_and_o_opens(page: Page) -> None:
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    third = focused(page)
    page.keyboard.press("k")
    second = focused(page)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("o")

    assert [first, second, third] == ["Headline 1", "Headline 2", "Headline 3"]
    assert outline == "solid"
    expect(page.locator("h1")).to_have_text("Headline 2")
    assert page.url.endswith(f"/articles/{article_id(2)}")


def test_the_list_of_keys_keeps_the_focus_and_gives_it_back(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('dialog, body').localName") in (
            "dialog",
            "body",
        )  # past its last element the focus is the browser's own, and then the first again
    page.keyboard.press("j")
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    assert focused(page) == "Headline 1"


def test_its_buttons_open_and_close_the_list_of_keys(page: Page) -> None:
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").click()

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_keys_can_be_switched_off_and_stay_off(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_label("Keys are on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.localName") == "body"

    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Keys are on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) == "Headline 1"


def test_no_key_with_another_one_and_none_in_a_field(page: Page) -> None:
    for keys in ("Control+j", "Alt+j", "Meta+j"):
        page.keyboard.press(keys)
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    page.locator("main input").focus()
    page.keyboard.type("jk?o")

    assert page.locator("main input").input_value() == "jk?o"
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize(
    ("key", "path"),
    [("h", "/"), ("t", "/tags"), ("s", "/sources"), ("w", "/wall"), ("a", "/about")],
)
def test_g_and_a_letter_go_to_a_page_of_the_same_language(
    page: Page, api: ApiProcess, key: str, path: str
) -> None:
    page.goto(f"{api.url}/ru/articles/{article_id(1)}")
    page.keyboard.press("g")
    page.keyboard.press(key)

    page.wait_for_url(f"{api.url}/ru{path}")


def test_p_pauses_and_resumes(page: Page) -> None:
    page.keyboard.press("p")
    expect(page.locator("#state")).to_have_text("Paused")
    page.keyboard.press("p")
    expect(page.locator("#state")).not_to_have_text("Paused")


def test_tab_alone_reaches_everything_that_can_be_pressed(page: Page) -> None:
    wanted = page.evaluate(
        "[...document.querySelectorAll('a, button')].filter((e) => e.checkVisibility()).length"
    )
    reached = set()
    for _ in range(wanted + 2):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("[...document.querySelectorAll('a, button')]"
                          ".indexOf(document.activeElement)")
        )  # fmt: skip

    assert len(reached - {-1}) == wanted


def test_what_is_said_to_machines_breaks_no_rule_of_the_page(page: Page, api: ApiProcess) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{api.url}/articles/{article_id(1)}", wait_until="load")

    told = page.locator("script[type='application/ld+json']").text_content()
    assert '"NewsArticle"' in (told or "")
    assert said == []


def test_the_first_load_is_small_with_fifty_cyrillic_articles(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything that is transferred, heads too; leads of letters at random compress worst."""
    view = ViewFile(tmp_path / "views")
    dice = random.Random(1)
    for number in range(1, 52):
        view.article(
            number, KZ, ALMATY, UZ, position=number, language="ru", credit="Степной курьер",
            headline=letters(dice, 90), body=[letters(dice, 700)],
        )  # fmt: skip
    for number in range(12):
        view.rate(f"AA{chr(65 + number)}/USD", "0.10820", change="0.19")
    view.publish()
    with serving(tmp_path) as api:
        context = browser.new_context()
        page = context.new_page()
        network = context.new_cdp_session(page)
        sizes: list[float] = []
        network.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
        network.send("Network.enable")
        page.goto(f"{api.url}/ru/", wait_until="load")
        expect(page.locator("main .story")).to_have_count(50)
        page.wait_for_timeout(500)
        context.close()

    with capsys.disabled():
        sys.stdout.write(f"\nfirst load: {len(sizes)} files, {sum(sizes):.0f} bytes\n")
    assert len(sizes) >= 6
    assert sum(sizes) < LOAD_BYTES_MAX
