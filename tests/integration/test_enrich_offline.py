"""``newswire enrich FILE``: the same bytes however it is read, and the decisions of the worker."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.enrichment.desks import ArticleDesk
from services.enrichment.main import reader
from services.enrichment.worker import Enricher
from shared.cloudevents import json_line
from shared.log import Entry
from shared.testing.memory_log import MemoryLog
from tests.generated_articles import history
from tests.wire_builders import Clock, Newsroom, at, drive, entries, quiet

ROOT = Path(__file__).resolve().parents[2]


def run(file: Path | str, *options: str, seed: str = "0", lines: bytes = b"") -> Any:
    command = [sys.executable, "-m", "services.cli", "enrich", str(file), *options]
    env = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(
        command, cwd=ROOT, env=env, input=lines, capture_output=True, check=False, timeout=100
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred events."""
    return asyncio.run(heard(tmp_path_factory.mktemp("heard"), 300))[1]


@pytest.fixture(scope="module")
def said(file: Path) -> bytes:
    """What is said of them by one process."""
    return run(file).stdout  # type: ignore[no-any-return]


async def heard(tmp_path: Path, count: int) -> tuple[MemoryLog, Path]:
    """A log of events, and their lines as ``newswire tail articles --json`` prints them."""
    log, file = MemoryLog(), tmp_path / "articles.ndjson"
    await Newsroom(log).say(*history(count))
    said = [json_line(entry) for entry in await entries(log, "articles")]
    file.write_text("".join(f"{line}\n" for line in said), "utf-8")
    return log, file


def shown(entry: Entry) -> dict[str, Any]:
    event = json.loads(json_line(entry))
    event.pop("recordedtime")  # when the worker decided, not when it was observed
    return event  # type: ignore[no-any-return]


async def test_offline_the_wire_says_what_the_worker_commits(tmp_path: Path) -> None:
    log, file = await heard(tmp_path, 300)
    worker = Enricher(ArticleDesk(log, reader()), log, Clock(at(23)), "1.0", quiet())
    await drive(worker, log)

    done = run(file)

    said = [json.loads(line) for line in done.stdout.splitlines()]
    for event in said:
        event.pop("recordedtime")
    committed = [shown(entry) for entry in await entries(log, "wire")]
    assert said == committed
    assert done.returncode == 0
    kinds = {one["kind"] for event in said for one in event["data"].get("relations", ())}
    assert kinds >= {"exact", "near_duplicate", "excerpt_of", "template_sibling"}


@pytest.mark.parametrize(
    ("seed", "options"),
    [
        ("1", ("--batch", "1")),
        ("random", ("--batch", "7")),
        ("random", ("--batch", "500", "--processes", "2")),
        ("1", ("--batch", "7", "--processes", "2")),
    ],
)
def test_neither_hashes_nor_batches_nor_processes_show(
    file: Path, said: bytes, seed: str, options: tuple[str, ...]
) -> None:
    assert run(file, *options, seed=seed).stdout == said


def test_those_who_read_end_when_the_one_that_decides_is_killed(file: Path) -> None:
    """They are found by what they hold open: the pipe that was its stderr."""
    command = [sys.executable, "-m", "services.enrichment", "enrich", str(file), "--processes=3"]
    with subprocess.Popen(
        [*command, "--batch=1"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as one:
        assert one.stdout is not None
        assert one.stderr is not None
        assert one.stdout.readline().startswith(b'{"specversion"')
        one.kill()
        one.stderr.read()  # its end comes when the last of them has ended


def test_a_bad_line_is_named_and_the_rest_goes_on() -> None:
    lines = b'{"headline": "First", "text": "One."}\n{\n\n{"headline": 3}\n{"title": "Last"}'

    done = run("-", lines=lines)

    said = [json.loads(line)["data"]["article"] for line in done.stdout.splitlines()]
    assert [(one["headline"], one["observed_at"]) for one in said] == [
        ("First", "2000-01-01T00:00:00Z"),
        ("Last", "2000-01-01T00:00:01Z"),
    ]
    assert done.stderr.decode().splitlines() == [
        "line 2: expected a JSON object: unexpected end of data: line 1 column 2 (char 1)",
        "line 4: headline: expected text, came 3",
        "lines: 4, 2 taken, 0 that say nothing new, 2 refused; events: 2; still waiting: 0",
    ]
    assert done.returncode == 1


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path / "none.ndjson")

    named = tmp_path / "none.ndjson"
    assert done.stderr.decode() == (
        f"expected a file of articles: {named}: No such file or directory\n"
    )
    assert done.returncode == 1


def test_what_parse_prints_can_be_read() -> None:
    document = ROOT / "seed" / "2026-03-03-steppe-courier.txt"
    command = [sys.executable, "-m", "services.cli", "parse", "--json", str(document)]
    parsed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout

    done = run("-", lines=parsed)

    articles = [json.loads(one) for one in parsed.splitlines() if b'"type":"article"' in one]
    said = [json.loads(line)["data"]["article"] for line in done.stdout.splitlines()]
    names = ("article_id", "headline", "content_hash", "text_hash")
    assert [[one[name] for name in names] for one in said] == [
        [one[name] for name in names] for one in articles
    ]
    assert done.returncode == 0


def test_options_that_do_not_go_together_are_refused() -> None:
    for options in (("--shadow",), ("--since", "3")):
        assert run("articles.ndjson", *options).returncode == 2
