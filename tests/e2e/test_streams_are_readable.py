"""The log is a public contract: ``redis-cli`` prints the documented binding, to the letter."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Final

import pytest

from tests.e2e.recordings import recording
from tests.e2e.stack import ROOT, Desk, connected, length_of_wire
from tests.servers import Server, program

FIELDS: Final = (
    "seq", "version", "specversion", "id", "source", "type", "subject", "time", "recordedtime",
    "datacontenttype", "dataschema", "correlationid", "causationid", "traceparent", "data",
)  # fmt: skip
"""In the order in which they stand. Source: architecture.md section 4."""
OPTIONAL: Final = {"articles": {"causationid", "traceparent"}, "wire": {"traceparent"}}
"""Fields that an entry may lack: what a source says was caused by no event."""
SUBJECTS: Final = [["urn", "newswire", of] for of in ("article", "rate", "story")]
RECORDED: Final = 100
POSITION: Final = re.compile(r"\d+-\d+")
INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of a server that holds the seed and a recording, as replay and enrichment left them."""
    if shutil.which("redis-cli") is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no redis-cli")
        pytest.skip("redis-cli is not installed")
    folder = tmp_path_factory.mktemp("readable")
    server = Server(program("valkey") or "", folder)
    desk = Desk(folder / "desk", server.url)
    file = folder / "recording.ndjson"
    file.write_bytes(recording(6_001, RECORDED))
    try:
        desk.start("enrichment")
        replays = [desk.start("ingest", "replay", str(path)) for path in (ROOT / "seed", file)]
        assert [replay.wait(timeout=30) for replay in replays] == [0, 0]
        with connected(server.url) as log:
            length_of_wire(log)
        yield server.port
    finally:
        desk.end()
        server.kill()


@pytest.mark.parametrize("stream", ["articles", "wire"])
def test_every_entry_has_the_documented_fields_in_the_documented_order(
    stream: str, port: int
) -> None:
    found = entries(port, stream)

    assert len(found) >= RECORDED // 2
    for fields in found:
        names = [name for name, _ in fields]
        absent = set(FIELDS) - set(names)
        assert names == [name for name in FIELDS if name not in absent]
        assert absent <= OPTIONAL[stream]
    assert [dict(fields)["seq"] for fields in found] == [str(n) for n in range(1, len(found) + 1)]


def test_every_value_of_the_wire_reads_as_documented(port: int) -> None:
    for fields in entries(port, "wire"):
        said = dict(fields)
        assert said["specversion"] == "1.0"
        assert said["version"].isdecimal()
        assert UUID.fullmatch(said["id"])
        assert UUID.fullmatch(said["causationid"])
        assert said["source"].startswith("urn:newswire:source:")
        assert said["subject"].split(":")[:3] in SUBJECTS
        assert said["correlationid"] == said["subject"]
        assert INSTANT.fullmatch(said["time"])
        assert INSTANT.fullmatch(said["recordedtime"])
        assert said["datacontenttype"] == "application/json"
        assert said["dataschema"] == f"urn:newswire:schema:{said['type']}:1"
        assert isinstance(json.loads(said["data"], parse_constant=pytest.fail), dict)


def test_text_of_any_script_is_readable_as_it_is(port: int) -> None:
    """UTF-8 and not escapes: a person with redis-cli can read the headline."""
    headlines = [dict(fields)["data"] for fields in entries(port, "wire")]

    assert any("Казахстан и Кыргызстан упростят досмотр" in data for data in headlines)


def entries(port: int, stream: str) -> list[list[tuple[str, str]]]:
    """A stream as redis-cli prints it: the position, then names and values in turn, a line each."""
    command = ["redis-cli", "-p", str(port), "XRANGE", f"{{newswire}}:{stream}", "-", "+"]
    printed = subprocess.run(command, capture_output=True, check=True, timeout=20).stdout
    lines = printed.decode("utf-8", errors="strict").splitlines()
    found: list[list[tuple[str, str]]] = []
    place = 0
    while place < len(lines):
        if POSITION.fullmatch(lines[place]):
            found.append([])
            place += 1
        else:
            found[-1].append((lines[place], lines[place + 1]))
            place += 2
    return found
