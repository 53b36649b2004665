"""The page of a pair in a browser, on a desk and in a hand, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.api_process import ApiProcess, serving
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


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    folder = tmp_path_factory.mktemp("desk")
    fill(folder)
    with serving(folder) as running:
        yield running


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
