"""A page with the keyboard alone."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page

TABS_MAX: Final = 120
"""As far as a page of twenty articles is long."""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on what is meant."""
    wanted = page.locator(selector)
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("(all) => all.includes(document.activeElement)"):
            return
    raise AssertionError(f"Tab does not lead to {selector}")
