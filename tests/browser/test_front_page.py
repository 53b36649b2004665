"""The front page in a browser, on a desk and in a hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.api_process import ApiProcess, desk, serving
from tests.view_files import ALMATY, KZ, UZ, ViewFile

DESK: Final = (1280, 900)
HAND: Final = (390, 844)
RATES: Final = (
    ("KGS/USD", "0.01143", "-0"),
    ("KZT/USD", "0.00192", "-0.30"),
    ("TJS/USD", "0.10820", "0.19"),
    ("UZS/USD", "0.00008", "0"),
    ("TMT/USD", "0.28575", "0"),
)
SHOWN: Final = [
    "KGS/USD 0.01143 −0% 13 December 2025",
    "KZT/USD 0.00192 −0.30% 13 December 2025",
    "TJS/USD 0.10820 +0.19% 13 December 2025",
    "TMT/USD 0.28575 0% 13 December 2025",
    "UZS/USD 0.00008 0% 13 December 2025",
]
HEADLINES: Final = [
    "Kazakhstan and Kyrgyzstan Agree on Shared Laboratories for Food Imports",
    "Mare’s Milk From Kostanay Finds Buyers in Bavaria",
    "Казахстан и Кыргызстан упростят досмотр грузовиков на границе",
    "A Night Train Called Wolf Leaves Almaty on Time",
    "Uzbekistan Importsaverylongwordthatnoboxonasmallscreencanholdunbrokenatall Gas",
    "Carpet Fair Traces Every Knot to Its Weaver",
]
LEAD: Final = (
    "The ministries said in a joint notice that lorries with fruit, flour and cotton would wait no "
    "longer than an hour, and that drivers could see their place in the queue beforehand. "
) * 2


def fill(data_dir: Path) -> None:
    view = ViewFile(data_dir / "views")
    for pair, value, change in RATES:
        view.rate(pair, value, change=change)
        view.rate(pair, "9.99", "2025-12-12", source="another", change="5")
    for number, headline in enumerate(HEADLINES, start=1):
        language = "ru" if headline.startswith("К") else "en"
        view.article(
            number, KZ, ALMATY, UZ, position=number, headline=headline, body=[LEAD],
            language=language, credit="The Steppe Courier of Northern Kazakhstan",
        )  # fmt: skip
    view.publish()


api = desk(fill)


@pytest.fixture(params=[DESK, HAND], ids=["desk", "hand"])
def page(request: pytest.FixtureRequest, browser: Browser, api: ApiProcess) -> Iterator[Page]:
    """The front page without JavaScript, at two sizes."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False
    )
    opened = context.new_page()
    opened.goto(api.url)
    yield opened
    context.close()


def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


def test_five_pairs_are_there_once_with_sign_and_day(page: Page) -> None:
    assert texts(page, ".ticker li") == SHOWN
    times = page.locator(".ticker li .as-of time")
    assert {one.get_attribute("datetime") for one in times.all()} == {"2025-12-13"}


def test_headlines_are_in_order_with_source_time_and_tags(page: Page) -> None:
    assert texts(page, "main .headline") == HEADLINES
    for story in page.locator("main .story").all():
        assert story.locator(".source").inner_text() == "The Steppe Courier of Northern Kazakhstan"
        assert story.locator(".meta time").get_attribute("datetime") == "2025-12-13"
        assert story.locator(".tags a").all_inner_texts() == ["Kazakhstan", "Almaty", "Uzbekistan"]
        assert story.locator(".lead").inner_text().startswith("The ministries said")
    assert texts(page, ".today") == ["13 December 2025"]


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.viewport_size
    width = page.viewport_size["width"]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width

    page.locator("main .headline a").first.click()
    assert page.locator("h1").inner_text() == HEADLINES[0]
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_what_is_touched_is_large_enough(page: Page) -> None:
    """24 pixels, inline links in sentences apart. Source: WCAG 2.2, 2.5.8."""
    for link in page.locator(".sections a, .tags a, .read").all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 24


def test_the_ticker_is_a_row_on_a_desk_and_a_grid_in_a_hand(page: Page) -> None:
    boxes = [item.bounding_box() for item in page.locator(".ticker li").all()]
    rows = {round(box["y"]) for box in boxes if box}

    assert page.viewport_size
    assert len(rows) == (1 if page.viewport_size["width"] == DESK[0] else 3)


def test_a_long_rate_is_not_broken_for_its_change(page: Page) -> None:
    """As Uzbekistan's bank prints it; in a hand the change goes below."""
    lines = page.evaluate(
        """() => {
            const one = document.querySelector('.ticker li');
            one.querySelector('.value').textContent = '12180.55';
            one.querySelector('.change').textContent = '−11.84';
            const range = document.createRange();
            range.selectNodeContents(one.querySelector('.value'));
            return range.getClientRects().length;
        }"""
    )
    assert lines == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_level_aa(browser: Browser, api: ApiProcess, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(api.url)
    ratios = page.evaluate(CONTRASTS)
    context.close()

    assert len(ratios) > 20
    assert {text: ratio for text, ratio in ratios if ratio < 4.5} == {}


def test_the_first_key_offers_to_skip_to_the_news(browser: Browser, api: ApiProcess) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(api.url)
    page.keyboard.press("Tab")
    shown = page.locator(".skip:focus").bounding_box()
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.id")
    context.close()

    assert shown
    assert shown["y"] >= 0
    assert focused == "content"


def test_the_page_asks_its_own_origin_only_and_breaks_no_rule_of_it(
    browser: Browser, api: ApiProcess
) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(api.url, wait_until="networkidle")
    context.close()

    assert asked
    assert all(url.startswith(api.url) for url in asked)
    assert said == []


HOSTILE: Final = [
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "\"'><svg onload=document.title='run'>",
    "{{ 7 * 7 }}</p><iframe srcdoc='<script>parent.document.title=1</script>'>",
    "<a href=\"javascript:document.title='run'\">press</a>",
    "<!--><style>@import 'http://127.0.0.1:9/x.css'</style>",
]


def test_nothing_that_a_source_says_runs_or_is_fetched(browser: Browser, tmp_path: Path) -> None:
    view = ViewFile(tmp_path / "views")
    ids = [
        view.article(
            number, position=number, headline=text, body=[text], credit=text, ednote=text,
            rights=text, authors=[text], dateline=text, summary=text, body_html=text,
            url="javascript:document.title='run'", canonical_url=text,
        )
        for number, text in enumerate(HOSTILE, start=1)
    ]  # fmt: skip
    story = view.story(1, *range(1, len(HOSTILE) + 1))
    view.publish()
    with serving(tmp_path) as api:
        context = browser.new_context()
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in ("", f"stories/{story}", *(f"articles/{one}" for one in ids)):
            page.goto(f"{api.url.rstrip('/')}/{path}", wait_until="networkidle")
            live = (
                "script:not([src^='/static/']):not([type='application/ld+json']), iframe, svg, "
                "body style, img, [onload], [onerror], a[href^=javascript]"
            )
            assert page.locator(live).count() == 0
            assert "run" not in page.title().split()
        context.close()

    assert all(url.startswith(api.url) for url in asked)


ENDLESS: Final = "W" * 300


@pytest.mark.parametrize("size", [DESK, HAND], ids=["desk", "hand"])
def test_words_and_numbers_without_end_are_broken_and_cover_nothing(
    browser: Browser, tmp_path: Path, size: tuple[int, int]
) -> None:
    view = ViewFile(tmp_path / "views")
    view.rate("KGS/USD", "12345678901234567890.12345678901234567890", change="-0.30")
    view.rate("TJS/USD", "0.10820", change="0.19")
    long = view.article(
        1, ("iso3166", "KZ", ENDLESS, "country"), headline=ENDLESS, body=[ENDLESS], source="long",
        credit=ENDLESS, ednote=ENDLESS, rights=ENDLESS, authors=[ENDLESS], categories=[ENDLESS],
    )  # fmt: skip
    view.article(2, headline=ENDLESS, credit=ENDLESS)
    story = f"stories/{view.story(1, 1, 2)}"
    view.publish()
    paths = "", "?source=long&tag=iso3166:KZ", f"articles/{long}", story, "no/" + "w" * 3_000
    with serving(tmp_path) as api:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        widths = []
        for path in paths:
            page.goto(f"{api.url}/{path}")
            widths.append(page.evaluate("document.scrollingElement.scrollWidth"))
        page.goto(api.url)
        cells = page.locator(".ticker li, .story").all()
        inside = [cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth") for cell in cells]
        context.close()

    assert widths == [size[0]] * 5
    assert inside == [True] * 4


def test_no_dot_stands_at_the_end_of_a_line(browser: Browser, tmp_path: Path) -> None:
    """What is wrapped below a source begins where the source does; its dot is not seen."""
    view = ViewFile(tmp_path / "views")
    view.article(1, language="ru", credit="A Source With A Name Of Some Length Or More")
    view.publish()
    with serving(tmp_path) as api:
        context = browser.new_context(viewport={"width": HAND[0], "height": HAND[1]})
        page = context.new_page()
        page.goto(api.url)
        lefts, tops = page.evaluate("""() => {
          const parts = [...document.querySelector(".meta").children].map((part) => {
            const words = document.createRange();
            words.selectNodeContents(part);
            return words.getBoundingClientRect();
          });
          const headline = document.querySelector(".headline").getBoundingClientRect();
          return [[headline.left, ...parts.map((box) => box.left)], parts.map((box) => box.top)];
        }""")
        context.close()

    assert tops[0] < tops[1]
    assert lefts[1] == pytest.approx(lefts[0], abs=1)
    assert lefts[2] == pytest.approx(lefts[0], abs=1)


@pytest.mark.parametrize(("count", "columns"), [(5, 5), (7, 4), (8, 4), (9, 5), (11, 6), (12, 6)])
def test_the_rows_of_the_ticker_are_of_alike_length(
    browser: Browser, tmp_path: Path, count: int, columns: int
) -> None:
    view = ViewFile(tmp_path / "views")
    for number in range(count):
        view.rate(f"AA{chr(65 + number)}/USD", "0.10820")
    view.publish()
    with serving(tmp_path) as api:
        context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]})
        page = context.new_page()
        page.goto(api.url)
        tops = [cell.bounding_box() for cell in page.locator(".ticker li").all()]
        context.close()

    first = [box for box in tops if box and tops[0] and box["y"] == tops[0]["y"]]
    assert len(first) == columns


CONTRASTS: Final = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => rgb.slice(0, 3)
    .map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const rgba = channels(getComputedStyle(e).backgroundColor);
      if (rgba.length < 4 || rgba[3] > 0) return rgba;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
    .map((e) => {
      const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))];
      return [e.textContent.trim(), (Math.max(a, b) + .05) / (Math.min(a, b) + .05)];
    });
}"""
"""Contrast of every element with text of its own. Source: WCAG 2.2, 1.4.3."""
