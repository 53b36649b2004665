"""The pages of operators: the status follows the desk; the door's page acts with a key."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final, TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.keys import create
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.rejects import Reject
from shared.state import KEYS, REJECTS
from tests.api_process import ApiProcess, serving
from tests.builders import at
from tests.letters import set_aside
from tests.push_door import Ingest, ingest, ndjson, pushed
from tests.servers import Server
from tests.view_files import ViewFile

DESK: Final = "operated"
HOSTILE: Final = "</td><script>document.title='harmed'</script>"


async def prepared(url: str, desk: str) -> str:
    """The text of an operator's key; something hostile was not taken, and is set aside."""
    keys, rejects = RedisTable(KEYS, url, desk), RedisTable(REJECTS, url, desk)
    log = RedisLog(url, desk)
    key, text = create("aigul", (), at(1), is_admin=True)
    await keys.put(key)
    await rejects.replace([Reject(0, at(1), HOSTILE, "empty", 3, HOSTILE, HOSTILE)])
    await set_aside(log, "urn:newswire:article:one")
    for each in (keys, rejects, log):
        await each.close()
    return text


async def types_on(url: str, desk: str) -> list[str]:
    """Types of the events on the streams articles and deadletters."""
    log = RedisLog(url, desk)
    found = await log.before("articles", None, count=50)
    found += await log.before("deadletters", None, count=50)
    await log.close()
    return [entry.fields[b"type"].decode() for entry in found]


T = TypeVar("T")


def apart(work: Coroutine[Any, Any, T]) -> T:
    """What work gives; Playwright has the loop of this thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def door(valkey: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ingest]:
    with ExitStack() as stack:
        started = ingest(tmp_path_factory.mktemp("ingest"), valkey.url, DESK)
        with ThreadPoolExecutor(1) as thread:
            running = thread.submit(stack.enter_context, started).result()
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    yield opened
    context.close()
    assert not [said for said in complaints if "Content Security Policy" in said]


def test_an_operator_acts_from_the_doors_page(page: Page, door: Ingest, valkey_url: str) -> None:
    key = apart(prepared(valkey_url, DESK))
    receipt = door.post("/v1/articles", ndjson(pushed()), "application/x-ndjson").json()
    article_id = receipt["items"][0]["article_id"]
    page.goto(door.url + "/operators")

    page.fill("#key", door.key)
    page.click("#enter button")
    expect(page.locator("#said")).to_contain_text("operator")
    expect(page.locator("#desk")).to_be_hidden()

    page.fill("#key", key)
    page.fill("#who", "Aigul")
    page.click("#enter button")
    expect(page.locator("#rejects tbody tr")).to_have_count(1)
    assert page.title() == "Operators – Newswire"
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == [
        "", 0, 0,
    ]  # fmt: skip

    page.fill("#article-id", f"https://news.example/articles/{article_id}")
    page.fill("#article-reason", "The figures are being checked.")
    page.click("#article button[value=withdraw]")
    expect(page.locator("#said")).to_contain_text("Tick the box")
    page.click("#article button[value=hold]")
    expect(page.locator("#said")).to_contain_text("hold: appended, event 2 of")

    page.click("#letter-list button")
    page.fill("#letter-reason", "The code was mended.")
    page.click("#letters button[value=retry]")
    expect(page.locator("#said")).to_contain_text("retry: appended")
    expect(page.locator("#letter-list li")).to_contain_text("to be retried")

    page.click("#leave")
    expect(page.locator("#desk")).to_be_hidden()
    assert apart(types_on(valkey_url, DESK)) == [
        "newswire.article.withheld", "newswire.article.received",
        "newswire.deadletter.retried", "newswire.deadletter.parked",
    ]  # fmt: skip


def test_without_javascript_the_page_tells_the_commands(browser: Browser, door: Ingest) -> None:
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(door.url + "/operators")

    expect(opened.locator("body")).to_contain_text("newswire deadletters")
    expect(opened.locator("#enter")).to_be_hidden()
    context.close()


@pytest.fixture(scope="module")
def api(valkey: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiProcess]:
    folder = tmp_path_factory.mktemp("desk")
    view = ViewFile(folder / "views")
    view.article(1)
    view.publish()
    apart(prepared(valkey.url, f"{DESK}-status"))
    with serving(folder, valkey.url, f"{DESK}-status") as running:
        yield running


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("script", ["with", "without"])
def test_the_status_is_never_wider_than_its_window(
    browser: Browser, api: ApiProcess, width: int, script: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=script == "with"
    )
    opened = context.new_page()
    opened.goto(api.url + "/status")

    root = opened.locator("html")
    assert root.evaluate("one => one.scrollWidth") <= root.evaluate("one => one.clientWidth")
    expect(opened.locator("h1")).to_have_text("Something needs a look")
    expect(opened.locator("#refresh")).to_be_visible(visible=script == "with")
    assert opened.title() == "Status – Newswire"
    context.close()


def test_the_status_follows_the_desk_until_it_is_paused(browser: Browser, api: ApiProcess) -> None:
    context = browser.new_context()
    opened = context.new_page()
    opened.clock.install()
    opened.goto(api.url + "/status")
    opened.evaluate("document.getElementById('status').dataset.old = 'yes'")

    opened.click("#refresh")
    opened.clock.run_for(20_000)
    expect(opened.locator("#status[data-old]")).to_have_count(1)

    opened.click("#refresh")
    opened.clock.run_for(6_000)
    expect(opened.locator("#status[data-old]")).to_have_count(0)
    expect(opened.locator("#status")).to_contain_text("ago")
    context.close()
