"""axe-core looks at every page, in both schemes, on a desk and in a hand, and finds nothing.

Source: WCAG 2.2, levels A and AA, and what axe calls best practice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser, Page

from tests.api_process import ApiProcess, desk
from tests.view_files import ALMATY, KZ, UZ, ViewFile, article_id, client, story_id

AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text()
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOKS: Final = ((390, "light"), (1280, "light"), (1280, "dark"), (390, "dark"))
PAGES: Final = {
    "/": ["/", "/?tag=iso3166:KZ&language=en", "/?at=3"],
    "/articles/{article_id}": [
        f"/articles/{article_id(1)}", f"/articles/{article_id(9)}", f"/articles/{article_id(99)}"
    ],
    "/articles/{article_id}/history": [f"/articles/{article_id(1)}/history"],
    "/stories/{story_id}": [f"/stories/{story_id(1)}", f"/stories/{story_id(2)}"],
    "/rates/{pair}": ["/rates/USD-KGS", "/rates/USD-XXX"],
    "/tags": ["/tags"],
    "/tags/{tag}": ["/tags/iso3166:KZ", "/tags/iso3166:XX"],
    "/sources": ["/sources"],
    "/sources/{source}": ["/sources/steppe-courier", "/sources/nbkr", "/sources/nobody"],
    "/about": ["/about"],
    "/search": ["/search", "/search?q=short", "/search?q=%22"],
    "/differences": [
        "/differences", "/differences?from=0", "/differences?from=0&limit=2", "/differences?from=x"
    ],
    "/wall": ["/wall"],
    "/docs": ["/docs"],
    "/status": ["/status"],
}  # fmt: skip
"""Every route that answers with a page, and what is looked at of it: what is there, and is not."""
NO_PAGES: Final = {"/static/{name}", "/fragments/ticker"}


def looked_at() -> Iterator[tuple[str, Sequence[tuple[int, str]]]]:
    """Every page with the ways to look at it.

    The longest takes half a minute each time: both widths and both schemes in two tests.
    """
    for path in (path for paths in PAGES.values() for path in paths):
        yield from [(path, (look,)) for look in LOOKS[::2]] if path == "/docs" else [(path, LOOKS)]


def fill(data_dir: Path) -> None:
    view = ViewFile(data_dir / "views")
    view.rate("KGS/USD", "0.01143", change="-0.30")
    for day in range(1, 10):
        view.rate(
            "USD/KGS", f"87.4{day}", f"2025-12-0{day}", source="nbkr", kind="official",
            credit="National Bank",
        )  # fmt: skip
    words = (("en", "Grain"), ("ru", "Зерно"), ("ar", "\u0642\u0645\u062d"), ("und", "???"))
    for number, (language, headline) in enumerate(words, start=1):
        view.article(
            number, KZ, ALMATY, UZ, position=number, headline=headline, language=language,
            authors=["A. Writer"], url=f"https://courier.example/{number}", summary="In short.",
            categories=["World"], ednote="Mind the date.",
        )  # fmt: skip
    view.article(5, KZ, copy_of=1, source="other", credit="Other")
    view.notice(9, "canceled")
    view.story(1, 1, 2)
    view.story(2, 9, 3)
    view.merge(1, 2, 3)
    view.connection.executemany(
        "INSERT INTO moment (seq, at_ms) VALUES (?, ?)",
        [(seq, 1_772_409_600_000 + seq * 60_000) for seq in range(1, view.seq + 1)],
    )
    view.publish()


api = desk(fill)


def test_every_page_of_the_api_is_looked_at(tmp_path: Path) -> None:
    app: Any = client(tmp_path).app
    routers = [route.original_router for route in app.routes if hasattr(route, "original_router")]
    routes = [route for router in routers for route in router.routes]
    pages = {
        route.path
        for route in routes
        if isinstance(route, APIRoute) and not route.include_in_schema
    }

    assert len(routes) > len(PAGES)
    assert pages - NO_PAGES == set(PAGES)


@pytest.mark.parametrize(("path", "looks"), list(looked_at()))
def test_axe_finds_nothing(
    browser: Browser, api: ApiProcess, path: str, looks: Sequence[tuple[int, str]]
) -> None:
    # The policy of our pages lets no script in from outside: not this one either.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    answer = page.goto(api.url + path)
    found = [one for look in looks for one in judged(page, *look)]
    context.close()

    assert answer
    assert answer.status < 500
    assert found == []


def test_axe_finds_nothing_in_the_list_of_keys(browser: Browser, api: ApiProcess) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(api.url)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    found = judged(page, 390, "light")
    context.close()

    assert found == []


def judged(page: Page, width: int, scheme: Any) -> list[str]:
    """What axe says of a page as it looks now, in a sentence each."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    answer = page.evaluate("(rules) => axe.run({ runOnly: rules })", list(RULES))
    assert answer["passes"]
    return [
        f"{width} {scheme}: {one['id']} {node['target']}: {node['failureSummary']}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]
