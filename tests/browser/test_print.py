"""Pages on paper: as wide as the sheet, or browsers print all of a page smaller."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.api_process import ApiProcess, desk
from tests.browser.test_accessibility import PAGES, fill

PAPERS = (718, 1280, 2560)
"""A4 between margins of a centimetre, at 96 to the inch; a window that is looked at as print."""


api = desk(fill)


@pytest.mark.parametrize("paths", PAGES.values(), ids=PAGES)
def test_no_page_is_wider_than_its_paper(
    browser: Browser, api: ApiProcess, paths: list[str]
) -> None:
    page = browser.new_page()
    page.emulate_media(media="print")
    found = []
    for path in paths:
        answer = page.goto(api.url + path)
        assert answer
        assert answer.status < 500, path
        for width in PAPERS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.scrollingElement.scrollWidth")
            found += [(path, width, wide)] if wide > width else []
    page.close()

    assert found == []
