"""Hostile texts through every door and the whole stack, into a browser: nothing of them happens."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from lxml import html as lxml_html
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.stack import eventually, get
from tests.hostile import carriers
from tests.hostile.desk import PAGES, Canary, HostileDesk, Publishers, canary, documents
from tests.hostile.snippets import SCRIPT, addresses, snippets
from tests.servers import Server, program

TRIES: Final = 10
RUNS_MS: Final = 3_000
"""So long frames may do what they do; nobody answers where some of them ask."""
SOURCES: Final = 6 + PAGES + 2
"""Feeds and items, pages, the inbox and a partner."""
_ELEMENTS: Final = (
    "html head meta title link script body a header div p nav ul li main section article span time "
    "h1 h2 h3 aside dl dt dd footer button pre code small dialog form label input kbd details "
    "summary datalist option output svg path bdi ol"
)
"""All that our pages are made of."""
SCRIPTS: Final = {"application/ld+json"} | {
    f"/static/{name}.js" for name in ("article", "keys", "list", "slider", "wall")
}
"""Where they run from; what is said to machines has no mark that a page could end at."""
_ATTRIBUTES: Final = (
    "lang charset name content rel href type title src defer class id dir datetime aria-label "
    "aria-current aria-live aria-hidden role tabindex hidden data-stream data-ticker data-about "
    "data-words data-article data-go aria-labelledby method checked property hreflang action for "
    "min max step value list label aria-describedby data-samples maxlength viewBox d fill stroke "
    "preserveAspectRatio stroke-width stroke-linecap vector-effect aria-valuetext"
)
_KEPT: Final = (
    "b blockquote br caption code em h2 h3 h4 i li ol p pre strong sub sup table tbody tr ul"
)
KEPT: Final = {name: set[str]() for name in _KEPT.split()} | {
    "a": {"href", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
"""Elements of the markup that the api gives, and their attributes."""
FOUND: Final = """() => ({
  ran: typeof window.hostile,
  elements: [...new Set([...document.querySelectorAll('*')].map((e) => e.localName))],
  attributes: [...new Set([...document.querySelectorAll('*')].flatMap((e) =>
    [...e.attributes].map((a) => a.name)))],
  schemes: [...new Set([...document.querySelectorAll('[href],[src]')].map((e) =>
    new URL(e.getAttribute('href') ?? e.getAttribute('src'), document.baseURI).protocol))],
  scripts: [...document.scripts].map((e) =>
    (e.getAttribute('src') ?? `${e.type}${e.innerHTML.match(/<|>/) ?? ''}`).split('?')[0]),
  names: ['live', 'content', 'fresh', 'pause', 'state', 'keys'].map((id) =>
    document.querySelectorAll(`[id=${id}]`).length).filter((n) => n > 1),
  more: Object.entries({dialog: 1, form: 3, input: 5, label: 4}).filter(([name, most]) =>
    document.querySelectorAll(name).length > most),
  within: [...document.querySelectorAll(
    'article :is(dialog, form, input, label, button, svg, datalist, output)')].length,
})"""
"""Forms and drawings are the page's own: none stands within an article."""


@dataclass
class Watched:
    """A browser's page, and all that it did besides showing what it was told to."""

    page: Page
    origin: str
    shown: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._on_dialog)
        self.page.on("console", lambda said: self._note("console", said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.on("popup", lambda other: self._note("popup", other.url))
        self.page.on("download", lambda one: self._note("download", one.url))
        self.page.on("request", self._on_request)

    def look(self, path: str) -> None:
        """Open a page, and judge what it is made of."""
        self.page.goto(self.origin + path, wait_until="load")
        self.judge()

    def judge(self) -> None:
        """Judge what the page is made of."""
        found = self.page.evaluate(FOUND)
        self.shown += 1
        judged = {
            "ran": found["ran"] == "undefined",
            "elements": set(found["elements"]) <= set(_ELEMENTS.split()),
            "attributes": set(found["attributes"]) <= set(_ATTRIBUTES.split()),
            "schemes": set(found["schemes"]) <= {"http:", "https:"},
            "scripts": set(found["scripts"]) <= SCRIPTS,
            "names": found["names"] == [],
            "more": found["more"] == [],
            "within": found["within"] == 0,
        }
        self.wrong += [
            f"{self.page.url}: {name} {_beyond(name, found[name])}"
            for name, well in judged.items()
            if not well
        ]

    def _note(self, what: str, said: str) -> None:
        self.wrong.append(f"{self.page.url}: {what} {said}")

    def _on_dialog(self, dialog: Any) -> None:
        self._note("dialog", dialog.message)
        dialog.dismiss()

    def _on_request(self, request: Any) -> None:
        if not request.url.startswith(self.origin + "/"):
            self._note("request", request.url)


def _beyond(name: str, found: Any) -> Any:
    """What of it is not ours, where that can be told."""
    ours = {"elements": _ELEMENTS.split(), "attributes": _ATTRIBUTES.split(), "scripts": SCRIPTS}
    return sorted(set(found) - set(ours[name])) if name in ours else found


@dataclass
class Stack:
    """The desk that has published everything, and how its front page fared meanwhile."""

    hostile: HostileDesk
    canary: Canary
    front: Watched
    pushed: dict[str, Any]


@pytest.fixture(scope="module")
def stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything published while a live front page is open."""
    folder = tmp_path_factory.mktemp("hostile")
    server = Server(program("valkey") or "", folder)
    context = browser.new_context()
    with canary() as quiet:
        texts, astray = snippets(quiet.port), addresses(quiet.port)
        publishers = Publishers(documents(texts, astray))
        hostile = HostileDesk(folder / "desk", server.url)
        try:
            hostile.open(publishers.ports)
            front = _live_page(context, hostile.url)
            hostile.put({**carriers.in_encodings(SCRIPT), "printed.txt": carriers.printed(texts)})
            hostile.read(publishers)
            pushed = json.loads(hostile.push(carriers.pushed(texts)))
            eventually(lambda: _is_published(hostile), "everything is published")
            yield Stack(hostile, quiet, front, pushed)
        finally:
            context.close()
            hostile.desk.end()
            publishers.close()
            server.kill()


def _live_page(context: BrowserContext, url: str) -> Watched:
    front = Watched(context.new_page(), url)
    front.look("/")
    expect(front.page.locator("#state")).to_have_text("Live")
    return front


def _is_published(hostile: HostileDesk) -> bool:
    return hostile.desk.is_at_rest() and len(hostile.articles_by_source()) == SOURCES


def test_every_door_has_let_its_documents_in(stack: Stack) -> None:
    found = stack.hostile.articles_by_source()
    many = len(carriers.groups(snippets(1)))

    assert len(snippets(1)) >= 300
    assert found["rss"] == len(carriers.groups(snippets(1), 2))
    assert {found[name] for name in ("atom", "json", "ninjs", "newsml")} == {many}
    assert [found[f"page-{letter}"] for letter in "abcdefgh"] == [1] * PAGES
    assert stack.pushed["counts"]["appended"] == many


def test_a_live_page_that_stood_open_meanwhile_shows_them_as_text(stack: Stack) -> None:
    stack.front.judge()
    stack.front.page.get_by_role("button", name=re.compile("new")).click()
    expect(stack.front.page.locator("main .story")).to_have_count(50)
    stack.front.judge()

    assert stack.front.wrong == []
    assert not stack.canary.was_asked


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_every_front_page_shows_them_as_text(
    browser: Browser, stack: Stack, *, has_scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=has_scripts)
    watched = Watched(context.new_page(), stack.hostile.url)
    path: str | None = "/"
    while path:
        watched.look(path)
        older = watched.page.locator("a[rel=next]")
        path = older.get_attribute("href") if older.count() else None
    context.close()

    assert watched.shown >= 9
    assert watched.wrong == []
    assert not stack.canary.was_asked


@pytest.mark.parametrize("part", range(4))  # all of them at once take longer than a test may
def test_every_article_page_shows_them_as_text(browser: Browser, stack: Stack, part: int) -> None:
    context = browser.new_context()
    watched = Watched(context.new_page(), stack.hostile.url)
    for article_id in list(stack.hostile.article_ids())[part::4]:
        watched.look(f"/articles/{article_id}")
    context.close()

    assert watched.shown > 100
    assert watched.wrong == []
    assert not stack.canary.was_asked


def test_what_an_address_says_is_shown_as_text(browser: Browser, stack: Stack) -> None:
    context = browser.new_context()
    watched = Watched(context.new_page(), stack.hostile.url)
    script = "%3Cscript%3Ewindow.hostile=1%3C/script%3E"
    paths = "/{}", "/articles/{}", "/stories/{}"
    parameters = "/?tag={}", "/?source={}", "/?language={}", "/?cursor={}"
    for path in (*paths, *parameters):
        watched.page.goto(stack.hostile.url + path.format(script))
        watched.judge()
    context.close()

    # That a page was not found is said on the console by the browser itself.
    assert [one for one in watched.wrong if "console Failed to load resource" not in one] == []


def markup(stack: Stack) -> Iterator[tuple[str, str]]:
    """The markup of every article, as the api gives it, under the article's id."""
    query = ""
    while True:
        answer = json.loads(
            get(stack.hostile.desk.port, f"/v1/articles?limit=50&fields=all{query}").body
        )
        for item in answer["items"]:
            if item["body_html"]:
                yield item["article_id"], item["body_html"]
        if not answer["next"]:
            return
        query = f"&cursor={answer['next']}"


def test_the_markup_of_the_api_has_the_elements_that_a_text_needs_and_no_other(
    stack: Stack,
) -> None:
    found = list(markup(stack))
    wrong = [f"{one}: {bad}" for one, text in found for bad in _unknown(text)]

    assert len(found) > 400
    assert wrong == []


def _unknown(text: str) -> Iterator[str]:
    for element in lxml_html.fragment_fromstring(text, create_parent="section").iterdescendants():
        tag = str(element.tag)
        if tag not in KEPT or not set(element.attrib) <= KEPT[tag]:
            yield f"<{tag} {dict(element.attrib)}>"
        elif tag == "a" and not element.attrib["href"].startswith(
            ("http://", "https://", "mailto:")
        ):
            yield element.attrib["href"]


def test_a_reader_that_trusts_the_markup_of_the_api_is_not_harmed(
    browser: Browser, stack: Stack
) -> None:
    texts = [text for _, text in markup(stack)]
    harmed = run(browser, texts)

    assert harmed == set()
    assert not stack.canary.was_asked


def test_the_texts_do_harm_where_nobody_prevents_it(browser: Browser) -> None:
    """Or nothing would be shown by all of this."""
    with canary() as asked:
        harmed = run(browser, snippets(asked.port), until=100)
        assert asked.was_asked

    assert len(harmed) >= 100


def run(browser: Browser, texts: list[str], until: int = 0) -> set[int]:
    """The places of the texts that do something in a page of their own without any rule.

    Those that do nothing have RUNS_MS for it; with ``until``, so many harms are waited for.
    """
    frames = "".join(f'<iframe srcdoc="{html.escape(text)}"></iframe>' for text in texts)
    context = browser.new_context()
    page = context.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))
    page.set_content(frames, wait_until="commit" if until else "load")
    harmed = set[int]()
    for _ in range(TRIES):
        page.wait_for_timeout(RUNS_MS)
        harmed |= set(page.evaluate(HARMED))
        if len(harmed) >= until:
            break
    context.close()
    return {*harmed, *range(-len(dialogs), 0)}


HARMED: Final = """() => [...document.querySelectorAll('iframe')].flatMap((frame, place) => {
  try {
    return typeof frame.contentWindow.hostile === 'undefined' ? [] : [place];
  } catch { return [place]; } // it has led its frame elsewhere
})"""
