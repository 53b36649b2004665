"""What the commands say of a source and of the file that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.ingest.managing import state
from services.ingest.sources.config import SourceConfig
from services.ingest.sources.file import SourcesFile
from shared.polls import Poll
from tests.builders import at

PAPER = SourceConfig(id="paper", url="https://paper.example/")


@pytest.mark.parametrize(
    ("poll", "said"),
    [
        (None, "never read"),
        (Poll("paper"), "never read"),
        (
            Poll("paper", polled_at=at(13, 6), next_at=at(13, 7)),
            "being read, next 2026-03-13T07:00Z",
        ),
        (
            Poll("paper", polled_at=at(13, 6), ok_at=at(13, 6), next_at=at(13, 7)),
            "ok, next 2026-03-13T07:00Z",
        ),
        (
            Poll("paper", polled_at=at(13, 6), failures=1, next_at=at(13, 7)),
            "failed, next 2026-03-13T07:00Z",
        ),
    ],
)
def test_a_source_is_ok_when_it_was_read_and_not_when_it_was_asked(
    poll: Poll | None, said: str
) -> None:
    assert state(PAPER, poll) == said


def test_a_file_of_sources_that_is_a_directory_is_named_once(tmp_path: Path) -> None:
    file = SourcesFile(tmp_path)
    file.has_changed()

    assert file.problem == f"{tmp_path}: expected a file, came a directory"


def test_a_file_of_sources_with_a_fault_is_named(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("[[source]\n")
    file = SourcesFile(path)
    file.has_changed()

    assert file.problem
    assert file.problem.startswith(f"{path}: Expected ']]'")
