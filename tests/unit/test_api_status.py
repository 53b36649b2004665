"""What operators see: the page, the JSON, the metrics; with a log and without one."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from services.api.operators import exposition, schemas
from services.api.operators.exposition import METRICS
from shared.health import Report
from shared.log import Log
from shared.polls import Poll
from shared.rejects import Reject
from shared.testing.memory_log import MemoryLog
from tests.builders import at
from tests.drafts import draft
from tests.letters import set_aside
from tests.view_files import LOOKED_AT, DeskState, ViewFile, watched

SUBJECT = "urn:newswire:article:it's $(here)"
SECRET = "a sentence that names /srv/desk and 10.0.0.7"
HOSTILE = "</script><script>alert(1)</script>"
REPORTED = "2026-03-03T11:59:55Z"
OPERATIONS = Path(__file__).parents[2] / "docs" / "operations.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    view = ViewFile(tmp_path)
    view.article(1)
    view.publish()
    return tmp_path


@pytest.fixture
def log() -> MemoryLog:
    """One article, of which enrichment has taken in nothing and set it aside."""
    made = MemoryLog()
    asyncio.run(made.append("articles", [draft("a")]))
    asyncio.run(made.append("wire", [draft("a")]))
    asyncio.run(set_aside(made, SUBJECT))
    return made


def desk(level: str = "public") -> DeskState:
    """Three services of four, two sources, one reject."""
    made = DeskState(level=level)  # type: ignore[arg-type]  # a word of the list

    async def fill() -> None:
        for name in ("ingest", "enrichment", "projection"):
            counts = {"rejects:empty": 3.0, f"handled_events:{name}": 7.0}
            await made.health.put(
                Report(name, 1, True, REPORTED, SECRET, "0.1.0", "2026-03-03T11:00:00Z", counts)
            )
        await made.polls.put(Poll("courier", polled_at=at(8), ok_at=at(8), new_at=at(7)))
        await made.polls.put(
            Poll("bulletin", polled_at=at(8), failures=5, problem=SECRET, quiet="failing")
        )
        await made.rejects.replace([Reject(0, at(9), "courier", "empty", 2, SECRET, SECRET)])

    asyncio.run(fill())
    return made


def api(folder: Path, log: Log | None, level: str = "public") -> TestClient:
    return watched(folder, log, desk(level))


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample of an exposition."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# --- JSON -----------------------------------------------------------------------------------------


def test_the_status_says_how_everything_is(folder: Path, log: MemoryLog) -> None:
    said = api(folder, log).get("/v1/status").json()

    assert (said["is_well"], said["is_log_seen"], said["views_seq"]) == (False, True, 1)
    assert [(one["service"], one["ready"], one["version"]) for one in said["services"]] == [
        ("ingest", True, "0.1.0"), ("enrichment", True, "0.1.0"), ("projection", True, "0.1.0"),
        ("api", False, None),
    ]  # fmt: skip
    assert [(one["stream"], one["seq"]) for one in said["streams"]] == [
        ("articles", 1), ("rates", 0), ("wire", 1), ("deadletters", 1), ("sources", 0),
    ]  # fmt: skip
    assert [
        (one["consumer"], one["lag_events"], one["dead_letters"]) for one in said["consumers"]
    ] == [("enrichment.articles", 1, 1), ("enrichment.rates", 0, 0), ("projection", 0, 0)]
    assert said["sources_by_health"] == {
        "failing": 1, "silent": 0, "waiting": 0, "new": 0, "well": 1,
    }  # fmt: skip
    assert [(one["source"], one["health"]) for one in said["sources"]] == [
        ("bulletin", "failing"), ("courier", "well"),
    ]  # fmt: skip
    assert [(one["source"], one["reason"], one["times"]) for one in said["rejects"]] == [
        ("courier", "empty", 2)
    ]


def test_anybody_is_told_no_sentence_that_somebody_wrote(folder: Path, log: MemoryLog) -> None:
    made = api(folder, log)

    for path in ("/v1/status", "/status", "/metrics"):
        text = made.get(path).text
        assert "10.0.0.7" not in text
        assert "it&#39;s" not in text
        assert "it's" not in text
        assert "Boom" not in text
    assert made.get("/v1/status").json()["dead_letters"] == []


def test_an_operator_who_says_full_is_told_the_sentences(folder: Path, log: MemoryLog) -> None:
    said = api(folder, log, "full").get("/v1/status").json()

    assert said["services"][0]["says"] == SECRET
    assert said["sources"][0]["problem"] == SECRET
    assert (said["rejects"][0]["where"], said["rejects"][0]["expected"]) == (SECRET, SECRET)
    assert said["dead_letters"] == [
        {
            "consumer": "enrichment.articles", "subject": SUBJECT, "seq": 1,
            "event_type": "newswire.article.received", "reason": "failed", "error": "Boom",
            "is_retried": False,
        }
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/v1/status", "/status", "/metrics"])
def test_where_it_is_off_there_is_no_such_page(folder: Path, log: MemoryLog, path: str) -> None:
    assert api(folder, log, "off").get(path).status_code == 404


@pytest.mark.parametrize("path", ["/v1/status", "/status", "/metrics"])
def test_nobody_keeps_what_is_true_for_a_second(folder: Path, log: MemoryLog, path: str) -> None:
    assert api(folder, log).get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/status", "/metrics"])
def test_a_parameter_is_refused(folder: Path, log: MemoryLog, path: str) -> None:
    assert api(folder, log).get(path + "?verbose=1").status_code == 422


def test_without_a_log_the_status_says_so_and_what_it_knows(folder: Path) -> None:
    made = api(folder, None, "full")

    said = made.get("/v1/status")
    page = made.get("/status")

    assert said.status_code == 200
    assert said.json()["is_log_seen"] is False
    assert said.json()["faults"][0].startswith("Redis does not answer")
    assert said.json()["views_seq"] == 1
    assert (said.json()["services"], said.json()["streams"]) == ([], [])
    assert page.status_code == 200
    assert "Redis does not answer." in page.text


def test_without_views_the_status_says_so(tmp_path: Path, log: MemoryLog) -> None:
    said = api(tmp_path, log, "full").get("/v1/status").json()

    assert (said["views_seq"], said["is_well"]) == (None, False)
    assert "no views yet" in said["faults"][0]


def test_what_the_projection_has_set_aside_is_counted_and_told(
    tmp_path: Path, log: MemoryLog
) -> None:
    view = ViewFile(tmp_path)
    view.article(1)
    view.connection.execute(
        "INSERT INTO parked (seq, position, event_id, type, subject, reason, error, attempts, "
        "code_version) VALUES (9, '9-0', 'nine', 'newswire.rate.quoted', 'urn:x', 'failed', "
        "'KeyError', 3, '1')"
    )
    view.publish()

    said = api(tmp_path, log, "full").get("/v1/status").json()

    assert said["consumers"][2]["dead_letters"] == 1
    assert [(one["consumer"], one["seq"]) for one in said["dead_letters"]] == [
        ("enrichment.articles", 1), ("projection", 9),
    ]  # fmt: skip


def test_a_service_that_reported_long_ago_is_not_ready(folder: Path, log: MemoryLog) -> None:
    made = desk()
    late = watched(folder, log, replace(made, now=LOOKED_AT.replace(minute=1)))

    assert [one["ready"] for one in late.get("/v1/status").json()["services"]] == [False] * 4


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-03-03T11:59:55", "9" * 400])
def test_a_report_without_an_instant_is_none(folder: Path, log: MemoryLog, instant: str) -> None:
    made = DeskState()
    asyncio.run(made.health.put(Report("api", 1, True, instant, "")))

    answer = watched(folder, log, made).get("/v1/status")

    assert answer.status_code == 200
    assert not answer.json()["services"][3]["ready"]


def test_of_five_thousand_sources_the_worst_are_told_and_all_counted(
    folder: Path, log: MemoryLog
) -> None:
    made = DeskState()

    async def fill() -> None:
        for number in range(5_000):
            quiet = "silent" if number == 4_999 else None
            await made.polls.put(Poll(f"s{number:04}", polled_at=at(1), ok_at=at(1), quiet=quiet))

    asyncio.run(fill())
    api_of = watched(folder, log, made)

    said = api_of.get("/v1/status").json()
    lines = api_of.get("/metrics").text.splitlines()

    assert (len(said["sources"]), said["sources"][0]["source"]) == (500, "s4999")
    assert said["sources_by_health"]["well"] == 4_999
    assert sum(line.startswith("newswire_source_failures{") for line in lines) == 500


# --- the page -------------------------------------------------------------------------------------


def test_the_page_tells_the_command_and_the_request_for_what_is_set_aside(
    folder: Path, log: MemoryLog
) -> None:
    text = api(folder, log, "full").get("/status").text

    commands = re.findall(r"<pre tabindex=\"0\">(.*?)</pre>", text)
    assert commands[0] == (
        "newswire deadletters retry enrichment.articles "
        "&#39;urn:newswire:article:it&#39;&#34;&#39;&#34;&#39;s $(here)&#39; --reason WHY"
    )
    assert commands[1].startswith("curl -sS &#34;$DOOR/v1/decisions&#34; -H ")
    assert "newswire withdraw ID --reason WHY" in commands


def test_nothing_that_a_source_or_an_error_says_is_markup(folder: Path) -> None:
    made, log = desk("full"), MemoryLog()
    asyncio.run(made.polls.put(Poll(HOSTILE, failures=1, problem=HOSTILE)))
    asyncio.run(made.rejects.replace([Reject(1, at(9), HOSTILE, HOSTILE, 1, HOSTILE, "a\nb")]))
    asyncio.run(set_aside(log, HOSTILE))

    text = watched(folder, log, made).get("/status").text

    assert "<script>alert" not in text
    assert text.count("alert(1)") > 5


# --- metrics --------------------------------------------------------------------------------------


def test_metrics_are_what_prometheus_reads(folder: Path, log: MemoryLog) -> None:
    made = api(folder, log)
    made.get("/v1/articles")
    made.get("/v1/articles/nothing")
    made.get("/wp-login.php")

    answer = made.get("/metrics")
    found = samples(answer.text)

    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert found["newswire_log_up", ()] == 1
    assert found["newswire_views_seq", ()] == 1
    assert found["newswire_stream_length", (("stream", "articles"),)] == 1
    assert found["newswire_consumer_lag_events", (("consumer", "enrichment.articles"),)] == 1
    assert found["newswire_dead_letters", (("consumer", "enrichment.articles"),)] == 1
    assert found["newswire_service_ready", (("service", "api"),)] == 0
    assert found["newswire_sources", (("health", "failing"),)] == 1
    assert found["newswire_source_failures", (("source", "bulletin"),)] == 5
    assert (
        found["newswire_source_last_success_timestamp_seconds", (("source", "courier"),)]
        == at(8).timestamp()
    )
    assert found["newswire_rejects_total", (("reason", "empty"), ("service", "ingest"))] == 3
    assert found["newswire_sse_clients", ()] == 0
    routes = "newswire_http_requests_total"
    assert found[routes, (("route", "/v1/articles"), ("status", "200"))] == 1
    assert found[routes, (("route", "/v1/articles/{article_id}"), ("status", "404"))] == 1
    assert found[routes, (("route", "other"), ("status", "404"))] == 1
    took = "newswire_http_request_duration_seconds"
    assert found[f"{took}_count", (("route", "/v1/articles"),)] == 1
    assert found[f"{took}_bucket", (("le", "+Inf"), ("route", "/v1/articles"))] == 1


def test_every_metric_has_its_type_and_help_and_stands_in_the_list(
    folder: Path, log: MemoryLog
) -> None:
    made = api(folder, log)
    made.get("/livez")
    families = {
        family.name + ("_total" if family.type == "counter" else ""): family
        for family in text_string_to_metric_families(made.get("/metrics").text)
    }

    assert {name: (one.type, one.documentation) for name, one in families.items()} == METRICS


def test_the_manual_lists_every_metric_and_no_other() -> None:
    text = OPERATIONS.read_text("utf-8")
    rows = re.findall(r"^\| `(newswire_[a-z_]+)` \| ([a-z]+) \|", text, re.MULTILINE)

    assert rows == [(name, kind) for name, (kind, _) in METRICS.items()]


def test_a_label_is_escaped(folder: Path, log: MemoryLog) -> None:
    made = DeskState()
    name = 'a"b\\c\nd'
    asyncio.run(made.polls.put(Poll(name, failures=1)))

    found = samples(watched(folder, log, made).get("/metrics").text)

    assert found["newswire_source_failures", (("source", name),)] == 1


def test_without_a_log_metrics_say_that_and_leave_out_what_is_not_known(folder: Path) -> None:
    found = samples(api(folder, None).get("/metrics").text)

    assert found["newswire_log_up", ()] == 0
    assert found["newswire_views_seq", ()] == 1
    assert not any(name.startswith("newswire_stream") for name, _ in found)


def test_paths_that_nobody_has_are_one_route(folder: Path, log: MemoryLog) -> None:
    made = api(folder, log)
    for number in range(50):
        made.get(f"/probe-{number}")
        made.get(f"/articles/probe-{number}")
    made.get("/v1/articles?x=" + "y" * 8_000)

    found = samples(made.get("/metrics").text)
    routes = {dict(labels)["route"] for name, labels in found if name.endswith("requests_total")}

    assert routes == {"other", "/articles/{article_id}"}


def test_two_applications_count_for_themselves(folder: Path, log: MemoryLog) -> None:
    one, other = api(folder, log), api(folder, log)
    one.get("/livez")

    found = samples(other.get("/metrics").text)

    assert not any(name.startswith("newswire_http") for name, _ in found)


def test_a_source_beyond_the_limit_has_no_numbers_of_its_own() -> None:
    assert exposition.SOURCES_MAX == 500
    assert schemas.SOURCES_MAX == 500
