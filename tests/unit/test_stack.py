"""Where the stack is, whether it is ready, and what the supervisor decides and says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from services.cli import stack
from services.cli.program import ROOT, SEED, service_command, service_env, stack_settings
from services.cli.stack import RFC3339, NoStack, Stack
from services.cli.supervisor import ended, next_pause_s
from shared.errors import Rejected

URL = "redis://127.0.0.1:16379/0"


def running(pid: int) -> Stack:
    return Stack(
        redis_url=URL,
        api_url="http://127.0.0.1:8000/",
        pid=pid,
        started_at=RFC3339("2026-11-22T16:20:00Z"),
        push_url="http://127.0.0.1:8001/",
    )


def ended_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_running_stack_is_found_by_its_directory(tmp_path: Path) -> None:
    stack.write(stack.places(tmp_path), running(os.getpid()))

    assert stack.find(tmp_path, {}) == running(os.getpid())


def test_a_stack_of_a_version_without_a_push_door_is_found(tmp_path: Path) -> None:
    said = {"redis_url": URL, "api_url": "http://127.0.0.1:8000/", "pid": os.getpid()}
    old = {**said, "started_at": "2026-11-22T16:20:00Z"}
    (tmp_path / "stack.json").write_text(json.dumps(old))

    assert stack.find(tmp_path, {}) == replace(running(os.getpid()), push_url=None)


def test_the_file_says_url_pid_and_start_to_its_owner_only(tmp_path: Path) -> None:
    stack.write(stack.places(tmp_path), running(7))

    file = tmp_path / "stack.json"
    assert json.loads(file.read_text()) == {
        "redis_url": "redis://127.0.0.1:16379/0",
        "api_url": "http://127.0.0.1:8000/",
        "pid": 7,
        "started_at": "2026-11-22T16:20:00Z",
        "push_url": "http://127.0.0.1:8001/",
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["stack.json"]


def test_a_stack_that_was_killed_is_no_stack(tmp_path: Path) -> None:
    stack.write(stack.places(tmp_path), running(ended_pid()))

    with pytest.raises(NoStack, match="newswire up"):
        stack.find(tmp_path, {})


@pytest.mark.parametrize("left", [None, "", "{", "[]", '{"redis_url": 1}'])
def test_a_missing_or_damaged_file_is_no_stack(tmp_path: Path, left: str | None) -> None:
    if left is not None:
        (tmp_path / "stack.json").write_text(left)

    with pytest.raises(NoStack, match=str(tmp_path)):
        stack.find(tmp_path, {})


def test_a_directory_that_is_a_file_has_no_stack(tmp_path: Path) -> None:
    file = tmp_path / "desk"
    file.touch()

    with pytest.raises(NoStack, match=str(file)):
        stack.find(file, {})


def test_a_stack_that_may_not_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "stack.json").mkdir()  # may not be read by root either

    with pytest.raises(Rejected, match=r"Cannot read .*stack\.json: Is a directory\. Run this as"):
        stack.find(tmp_path, {})


def test_a_directory_that_leads_to_itself_is_rejected(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)

    with pytest.raises(Rejected, match=f"Cannot find out where {loop} is.*--data"):
        stack.places(loop)


def test_a_named_redis_wins_over_the_directory(tmp_path: Path) -> None:
    stack.write(stack.places(tmp_path), running(os.getpid()))

    found = stack.find(tmp_path, {"NEWSWIRE_REDIS_URL": "redis://elsewhere:6379/0"})

    assert found == Stack("redis://elsewhere:6379/0")


def test_the_files_of_a_data_directory_are_absolute() -> None:
    where = stack.places(Path(".newswire"))

    assert where.data == Path.cwd() / ".newswire"
    assert where.log_of("api") == Path.cwd() / ".newswire" / "run" / "api.log"
    assert where.health_of("api") == Path.cwd() / ".newswire" / "run" / "api.json"


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("desk.example", "http://desk.example:8000/"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(host: str, url: str) -> None:
    assert stack.address(host, 8000) == url


def test_pauses_double_to_ten_seconds() -> None:
    pauses = [0.0]
    while len(pauses) < 9:
        pauses.append(next_pause_s(pauses[-1], lived_s=0.1))

    assert pauses[1:] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_half_a_minute_of_life_is_forgiveness() -> None:
    assert next_pause_s(6.4, lived_s=30.0) == 0.2


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (1, "api ended with code 1; started again in 0.4 s (see /d/run/api.log)"),
        (-9, "api ended by SIGKILL; started again in 0.4 s (see /d/run/api.log)"),
        (-40, "api ended by signal 40; started again in 0.4 s (see /d/run/api.log)"),
    ],
)
def test_an_end_is_said_in_one_line(code: int, line: str) -> None:
    assert ended("api", code, 0.4, Path("/d/run/api.log")) == line


def test_a_service_gets_the_stack_and_this_code_and_writes_bytecode(tmp_path: Path) -> None:
    ours = {"HOME": "/h", "PYTHONPATH": "/extra", "PYTHONDONTWRITEBYTECODE": "1"}

    env = service_env(ours, **stack_settings(stack.places(tmp_path), URL))

    assert env == {
        "HOME": "/h",
        "PYTHONPATH": f"{ROOT}{os.pathsep}/extra",
        "PYTHONUNBUFFERED": "1",
        "NEWSWIRE_REDIS_URL": URL,
        "NEWSWIRE_DATA_DIR": str(tmp_path),
    }


def test_a_verb_runs_in_this_python() -> None:
    command = service_command("ingest", "replay", "page.txt", "--source", "desk")

    assert command[0] == sys.executable
    assert command[1:] == [
        "-P",
        "-m",
        "services.ingest",
        "replay",
        "page.txt",
        "--source",
        "desk",
    ]


def test_the_seed_lies_beside_the_code() -> None:
    assert (SEED / "__init__.py").is_file()
