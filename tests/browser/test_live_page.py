"""The front page says what is new, shows it when it is asked to, and stands still otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from shared.events import ArticleCanceled, ArticleCorrected
from shared.news import COPY_KINDS, Relation, RelationKind
from tests.browser.test_front_page import DESK, HAND
from tests.conftest import NewServer
from tests.live_desk import Wire
from tests.wire_builders import almaty, carried, notice, opened, quoted

STORY: Final = "5d7d4b0a-2f41-5c7e-9a34-0d1f6f3a9b52"
LOADED_MS: Final = 10_000


@pytest.fixture
def wire(new_server: NewServer, tmp_path: Any) -> Iterator[Wire]:
    made = Wire(tmp_path / "desk", new_server().url)
    made.say(*(story(number) for number in range(1, 31)), quoted("0.00198"))
    yield made
    made.close()


def story(number: int, headline: str | None = None, **said: object) -> Any:
    """An article; a higher number is newer."""
    given = {"headline": headline or f"Headline {number}", "position": 100 - number, **said}
    return carried(article_id=f"article-{number}", tags=(almaty(),), **given)


@pytest.fixture(params=[DESK, HAND], ids=["desk", "hand"])
def page(request: pytest.FixtureRequest, browser: Browser, wire: Wire) -> Iterator[Page]:
    """The front page, live."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(wire.url)
    expect(opened.locator("#state")).to_have_text("Live")
    yield opened
    context.close()
    assert said == []


def live(browser: Browser, url: str) -> Page:
    """A page of a context of its own, once it follows the wire; the test closes the context."""
    page = browser.new_context().new_page()
    page.goto(url)
    expect(page.locator("#state")).to_have_text("Live")
    return page


def first_headline(page: Page) -> Any:
    return page.locator("main .headline").first


def test_a_pill_counts_what_is_new_and_a_click_shows_it(page: Page, wire: Wire) -> None:
    wire.say(story(40, "Tenge firms in late trading"), story(41, "Snow closes the pass"))

    pill = page.get_by_role("button", name="2 new")
    expect(pill).to_be_visible()
    expect(first_headline(page)).to_have_text("Headline 30")
    pill.click()

    expect(first_headline(page)).to_have_text("Snow closes the pass")
    expect(page.locator("main .headline").nth(1)).to_have_text("Tenge firms in late trading")
    expect(page.locator("#fresh")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "content"
    wire.say(story(42))
    expect(page.get_by_role("button", name="1 new")).to_be_visible()


def test_pause_holds_everything_and_resume_brings_what_was_missed(page: Page, wire: Wire) -> None:
    page.locator("#pause").press("Enter")
    expect(page.locator("#state")).to_have_text("Paused")
    wire.say(story(40), story(41), quoted("0.00201", "2026-03-03"))
    page.wait_for_timeout(1_500)
    expect(page.locator("#fresh")).to_be_hidden()
    expect(page.locator(".ticker .value").first).to_have_text("0.00198")

    page.get_by_role("button", name="Resume").press("Enter")

    expect(page.get_by_role("button", name="2 new")).to_be_visible()
    expect(page.locator("#state")).to_have_text("Live")


def test_a_killed_article_leaves_the_page_at_once_and_nothing_moves(page: Page, wire: Wire) -> None:
    below = page.locator("main .story").nth(2)
    before = below.bounding_box()
    wire.say(notice(ArticleCanceled, "article-30"))

    expect(page.locator(".gone")).to_have_text("This article is not available any more.")

    expect(page.get_by_text("Headline 30")).to_have_count(0)
    assert below.bounding_box() == before
    expect(page.locator("#fresh")).to_be_hidden()


def test_rates_follow_by_themselves(page: Page, wire: Wire) -> None:
    wire.say(quoted("0.00201", "2026-03-03"))

    expect(page.locator(".ticker .value").first).to_have_text("0.00201", timeout=LOADED_MS)
    expect(first_headline(page)).to_have_text("Headline 30")


def test_a_rate_that_comes_while_the_ticker_is_asked_for_is_not_lost(
    browser: Browser, wire: Wire
) -> None:
    """The answer that is under way does not know it yet."""
    page = live(browser, wire.url)
    answers: list[APIResponse] = []

    def late(route: Route) -> None:
        answers.append(route.fetch())
        if len(answers) == 1:
            wire.say(quoted("0.00205", "2026-03-04"))
            page.wait_for_timeout(300)  # the event is heard before the answer comes
        route.fulfill(response=answers[-1])

    page.route(f"{wire.url}fragments/ticker?*", late)
    wire.say(quoted("0.00201", "2026-03-03"))

    expect(page.locator(".ticker .value").first).to_have_text("0.00205", timeout=LOADED_MS)
    page.context.close()


def test_an_answer_that_was_overtaken_does_not_bring_old_rates_back(
    browser: Browser, wire: Wire
) -> None:
    page = live(browser, wire.url)
    held: list[tuple[Route, APIResponse]] = []

    def first_is_held(route: Route) -> None:
        answer = route.fetch()
        if held:
            route.fulfill(response=answer)
        else:
            held.append((route, answer))

    page.route(f"{wire.url}fragments/ticker?*", first_is_held)
    wire.say(quoted("0.00201", "2026-03-03"))
    while not held:
        page.wait_for_timeout(50)
    wire.say(quoted("0.00205", "2026-03-04"))
    expect(page.locator(".ticker .value").first).to_have_text("0.00205", timeout=LOADED_MS)
    with page.expect_response(f"{wire.url}fragments/ticker?*"):
        held[0][0].fulfill(response=held[0][1])

    page.wait_for_timeout(300)
    expect(page.locator(".ticker .value").first).to_have_text("0.00205")
    page.context.close()


def test_who_reads_further_down_keeps_the_place(page: Page, wire: Wire) -> None:
    read = page.locator("main .headline a").nth(15)
    read.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 200)")
    read.focus()
    words, before = read.inner_text(), read.bounding_box()
    wire.say(*(story(number) for number in range(40, 43)))
    page.get_by_role("button", name="3 new").click()
    expect(page.locator("main .headline a").first).to_have_text("Headline 42")

    after = page.get_by_role("link", name=words, exact=True).bounding_box()

    assert before
    assert after
    assert abs(after["y"] - before["y"]) < 2


@pytest.mark.parametrize("kind", sorted(COPY_KINDS))
def test_a_copy_and_a_story_are_no_news(browser: Browser, wire: Wire, kind: RelationKind) -> None:
    page = live(browser, wire.url)
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    relation = Relation(kind=kind, article_id="article-30", source="s", evidence={}, method="m")
    wire.say(story(40, relations=(relation,)), opened(STORY, "article-30", "article-40"))

    expect(page.get_by_role("button", name="1 changed")).to_be_visible()
    assert told == []
    page.context.close()


def test_a_correction_is_told(page: Page, wire: Wire) -> None:
    wire.say(carried(ArticleCorrected, "article-30", headline="Headline 30, corrected"))

    page.get_by_role("button", name="1 changed").click()

    expect(page.get_by_text("Headline 30, corrected").first).to_be_visible()


def test_an_api_that_goes_away_is_told_and_the_page_goes_on_when_it_is_back(
    browser: Browser, wire: Wire
) -> None:
    page = live(browser, wire.url)
    wire.api.kill()
    wire.api.wait()
    expect(page.locator("#state")).to_have_text("Connection lost. Trying again …")
    wire.say(story(40))

    wire.desk.start("api")

    expect(page.get_by_role("button", name="1 new")).to_be_visible(timeout=LOADED_MS)
    expect(page.locator("#state")).to_have_text("Live")
    page.context.close()


def test_without_scripts_there_is_no_bar(browser: Browser, wire: Wire) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(wire.url)

    expect(page.locator("#live")).to_be_hidden()
    expect(first_headline(page)).to_have_text("Headline 30")
    context.close()


def test_a_page_of_a_filter_counts_what_passes_it(browser: Browser, wire: Wire) -> None:
    page = live(browser, f"{wire.url}?source=steppe-courier&language=ru")
    russian = {**story(41).model_dump(), "language": "ru"}
    wire.say(story(40), type(story(41)).model_validate(russian))

    expect(page.get_by_role("button", name="1 new")).to_be_visible()
    page.context.close()
