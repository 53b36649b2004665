"""The page of a pair in a browser, on a desk and in a hand, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.api_process import ApiProcess, desk
from tests.view_files import ViewFile

FIRST = date(2025, 12, 1)


def fill(data_dir: Path) -> None:
    view = ViewFile(data_dir / "views")
    for number in range(40):
        view.rate(
            "USD/KGS", f"87.{4000 + number * 7 % 100}",
            (FIRST + timedelta(days=number)).isoformat(),
            source="nbkr", kind="official", credit="National Bank",
        )  # fmt: skip
    view.publish()


api = desk(fill)


@pytest.fixture(params=[1280, 320], ids=["desk", "hand"])
def page(request: pytest.FixtureRequest, browser: Browser, api: ApiProcess) -> Iterator[Page]:
    """The front page, at two widths."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 900}, java_script_enabled=False
    )
    opened = context.new_page()
    opened.goto(api.url)
    yield opened
    context.close()


def test_the_ticker_leads_to_a_page_with_a_line_as_wide_as_its_column(page: Page) -> None:
    page.click(".ticker a.pair")

    assert page.url.endswith("/rates/USD-KGS")
    line, column = page.locator("svg.line").bounding_box(), page.locator(".rate").bounding_box()
    assert line is not None
    assert column is not None
    assert abs(line["width"] - column["width"]) < 1
    assert line["height"] > 100
    assert page.locator("svg.line path").evaluate("one => one.getTotalLength()") > 1_000
    assert page.locator(".rate tbody tr").count() == 40


def test_the_page_of_a_pair_is_never_wider_than_its_window(page: Page) -> None:
    page.click(".ticker a.pair")
    root = page.locator("html")

    assert root.evaluate("one => one.scrollWidth") <= root.evaluate("one => one.clientWidth")


@pytest.fixture(params=["light", "dark"])
def drawn(request: pytest.FixtureRequest, browser: Browser, api: ApiProcess) -> Iterator[Page]:
    """The page of a pair with JavaScript, by day and by night; a message on the console fails."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.emulate_media(color_scheme=request.param)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(f"{api.url.rstrip('/')}/rates/USD-KGS")
    opened.wait_for_selector(".chart canvas")
    yield opened
    assert said == []
    context.close()


HAS_COLOUR = """colour => {
    const one = document.querySelector('.chart canvas');
    const copy = Object.assign(document.createElement('canvas'), {
        width: one.width, height: one.height,
    });
    const drawing = copy.getContext('2d', {willReadFrequently: true});
    drawing.drawImage(one, 0, 0);
    const pixels = drawing.getImageData(0, 0, one.width, one.height).data;
    for (let at = 0; at < pixels.length; at += 4) {
        if (pixels[at + 3] > 250 && pixels.slice(at, at + 3).join(' ') === colour) return true;
    }
    return false;
}"""


def reading(page: Page) -> str:
    return page.locator(".reading").inner_text()


def test_the_chart_is_drawn_in_the_colours_of_the_page(drawn: Page) -> None:
    is_dark = drawn.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    link = {True: "147 197 226", False: "20 80 111"}

    drawn.wait_for_function(HAS_COLOUR, arg=link[is_dark])
    drawn.emulate_media(color_scheme="light" if is_dark else "dark")
    drawn.wait_for_function(HAS_COLOUR, arg=link[not is_dark])
    assert not drawn.locator("svg.line").is_visible()
    assert drawn.locator(".rate tbody tr").count() == 40


def test_the_chart_is_read_with_the_keyboard(drawn: Page) -> None:
    assert reading(drawn) == "9 January 2026: 87.4073"
    plot = drawn.locator(".plot")
    plot.focus()
    for key, said in (
        ("ArrowLeft", "8 January 2026: 87.4066"),
        ("ArrowRight", "9 January 2026: 87.4073"),
        ("ArrowRight", "9 January 2026: 87.4073"),
        ("Home", "1 December 2025: 87.4000"),
    ):
        drawn.keyboard.press(key)
        assert reading(drawn) == said
        assert plot.get_attribute("aria-valuetext") == said
    assert (plot.get_attribute("role"), plot.get_attribute("aria-valuenow")) == ("slider", "0")


@pytest.mark.parametrize("code", ["kk", "ky", "uz"])
def test_a_chart_tells_days_in_numbers_where_browsers_have_no_months(
    browser: Browser, api: ApiProcess, code: str
) -> None:
    page = browser.new_page()
    page.goto(f"{api.url}/{code}/rates/USD-KGS")
    page.wait_for_selector(".chart canvas")

    assert reading(page) == "09.01.2026: 87,4073"
    page.close()


def test_a_chart_shows_a_month_a_year_or_all(drawn: Page) -> None:
    plot = drawn.locator(".plot")
    for name, last in (("Month", "31"), ("All", "5"), ("Year", "39")):
        drawn.get_by_role("button", name=name).click()
        drawn.wait_for_function(
            "last => document.querySelector('.plot').getAttribute('aria-valuemax') === last",
            arg=last,
        )
        pressed = drawn.locator(".ranges [aria-pressed=true]").all_inner_texts()
        assert (pressed, plot.get_attribute("aria-valuenow")) == ([name], last)


def test_a_chart_is_as_wide_as_its_column_in_a_hand_too(browser: Browser, api: ApiProcess) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{api.url.rstrip('/')}/rates/USD-KGS")
    canvas, column = page.wait_for_selector(".chart canvas"), page.locator(".rate").bounding_box()
    box = canvas.bounding_box()

    assert box is not None
    assert column is not None
    assert box["width"] <= column["width"]
    assert box["width"] > column["width"] - 2
    root = page.locator("html")
    assert root.evaluate("one => one.scrollWidth") <= root.evaluate("one => one.clientWidth")
    for button in page.locator(".ranges button").all():
        size = button.bounding_box()
        assert size
        assert size["height"] >= 24
    context.close()


def test_only_the_page_of_a_pair_loads_the_chart(browser: Browser, api: ApiProcess) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(api.url)
    assert page.locator(".ticker svg.spark").count() == 1
    assert [url for url in asked if "uplot" in url or "chart" in url] == []

    page.goto(f"{api.url.rstrip('/')}/rates/USD-KGS")
    page.wait_for_selector(".chart canvas")
    assert all(url.startswith(api.url) for url in asked)
    context.close()
