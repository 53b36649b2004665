"""``newswire export`` of a stack that runs, ``newswire import``, and the same desk again."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.recordings import recording
from tests.e2e.stack import ROOT, Stack, clean_env, connected, eventually, heads, raw

EVENTS = 400


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the archive goes."""
    return tmp_path / "desk.ndjson"


def restored(folder: Path, file: Path) -> Stack:
    """A stack, not started, whose log is that of an archive."""
    folder.mkdir()
    stack = Stack(folder, "--no-seed")
    done = stack.run("import", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    return stack


def folder(tmp_path: Path, name: str) -> Path:
    made = tmp_path / name
    made.mkdir()
    return made


def test_a_desk_moves_with_all_that_it_holds(tmp_path: Path, file: Path) -> None:
    with Stack(folder(tmp_path, "first")) as first:
        eventually(lambda: "replayed:" in first.said(), "the seed is published")
        eventually(first.is_at_rest, "everything is taken in")
        exported = first.run("export", str(file))
        verified = first.run("verify")
        assert first.run("export", "--digest").stdout == exported.stdout
        refused = first.run("import", str(file))
        shown = first.run("tail", "nowhere")
    assert (exported.returncode, exported.stderr) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("A stack runs on ")
    assert (shown.returncode, shown.stdout) == (1, "")

    with restored(tmp_path / "second", file) as second:
        eventually(second.is_at_rest, "the views are folded")
        eventually(lambda: second.run("verify").stdout == verified.stdout, "the views are the same")
        assert second.run("export", "--digest").stdout == exported.stdout
        replayed = second.run("replay", str(ROOT / "seed"))
        assert "appended" not in replayed.stdout.splitlines()[-1]
        eventually(second.is_at_rest, "nothing is to be taken in")
        assert second.run("export", "--digest").stdout == exported.stdout


def test_an_export_in_the_middle_of_a_replay_is_one_instant(tmp_path: Path, file: Path) -> None:
    recorded = tmp_path / "recording.ndjson"
    recorded.write_bytes(recording(8_001, EVENTS))
    with Stack(folder(tmp_path, "first"), "--no-seed") as first, connected(first.redis_url) as log:
        replaying = first.replay(recorded)
        eventually(lambda: heads(log)["wire"] > EVENTS // 4, "the wire is written")
        assert first.run("export", str(file)).returncode == 0
        assert replaying.wait(timeout=60) == 0
        eventually(first.is_at_rest, "everything is taken in")
        expected, ids = heads(log), {fields[b"id"] for fields in raw(log, "wire")}

    with restored(tmp_path / "second", file) as second, connected(second.redis_url) as log:
        assert second.run("replay", str(recorded)).returncode == 0
        eventually(second.is_at_rest, "everything is taken in")
        assert heads(log) == expected
        assert {fields[b"id"] for fields in raw(log, "wire")} == ids
        assert second.run("verify").returncode == 0


def test_a_tail_ends_quietly(tmp_path: Path) -> None:
    with Stack(folder(tmp_path, "desk")) as stack:
        eventually(lambda: "replayed:" in stack.said(), "the seed is published")
        command = [
            sys.executable,
            "-m",
            "services.cli",
            "tail",
            "--from",
            "1",
            "--data",
            stack.data,
        ]
        watching = subprocess.Popen(
            command, cwd=ROOT, env=clean_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert watching.stdout is not None
        first = watching.stdout.readline()
        watching.send_signal(signal.SIGINT)
        _, errors = watching.communicate(timeout=20)

        # No order holds between what the two consumers of enrichment commit.
        assert b"article.published" in first or b"rate.quoted" in first
        assert (watching.returncode, errors) == (130, b"")
