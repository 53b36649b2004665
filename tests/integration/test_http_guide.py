"""The guide to the api: every command of it is run, and every answer is as it is printed."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.guide_desk import HOST, WITHIN_S, GuideDesk, guide_desk

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = ROOT / "docs" / "http-api.md"
TOURED: Final = re.compile(
    r"<(http://127\.0\.0\.1:8000/[^>]*)>|^curl '?(http://127\.0\.0\.1:8000/[^'\s]*)", re.MULTILINE
)
"""Addresses of the README that are looked at, and those that are typed."""
TAKEN_BACK: Final = "/articles/027d266b-00bd-5080-811d-4d071fed54ba"
ADDRESS: Final = "http://127.0.0.1:8000"
"""Of the guide; the test's own desk stands in its place."""
ANY: Final = "…"
FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A command of the guide and the part of its answer that is printed below it."""

    command: str
    language: str
    part: str

    @property
    def status(self) -> int:
        """What is answered: a problem document says it."""
        said = json.loads(self.part) if self.language == "json" else {}
        return int(said["status"]) if "type" in said and "status" in said else 200


def steps(text: str) -> list[Step]:
    """The commands of the guide, each with what is printed next."""
    fences = FENCE.findall(text)
    commands, parts = fences[0::2], fences[1::2]
    assert [language for language, _ in commands] == ["sh"] * len(parts)
    assert "sh" not in [language for language, _ in parts]
    return [
        Step(command.strip(), language, part)
        for (_, command), (language, part) in zip(commands, parts, strict=True)
    ]


class Reader:
    """Somebody who types what the guide says, and remembers what was answered."""

    def __init__(self, desk: GuideDesk, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self.known: dict[str, str] = {}
        """``CURSOR``, ``SEQ``: values of answers before."""

    def run(self, step: Step) -> None:
        """Type a command and compare its answer."""
        typed = self._typed(step.command)
        if "-N" in typed:
            self._listen(typed, step.part)
            return
        command = [typed[0], "-sS", "--max-time", str(WITHIN_S), "-w", "%{stderr}%{http_code}"]
        with subprocess.Popen(
            [*command, *typed[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder
        ) as process:
            if "wait=" in step.command:
                self.desk.push()
            answer, said = process.communicate(timeout=WITHIN_S)
        assert said.decode() == str(step.status), (step.command, answer[:500], said)
        if "-o" in typed:
            answer = (self.folder / typed[typed.index("-o") + 1]).read_bytes().splitlines()[0]
        self._compare(step, answer.decode())

    def _typed(self, command: str) -> list[str]:
        assert "\n" not in command
        for name in re.findall(r"=([A-Z]+)\b", command):
            if name in ("CURSOR", "SEQ"):
                command = command.replace(f"={name}", f"={self.known[name]}")
        assert ADDRESS in command
        typed = shlex.split(command.replace(ADDRESS, f"http://{HOST}:{self.desk.port}"))
        assert typed[0] == "curl"
        return typed

    def _compare(self, step: Step, answer: str) -> None:
        if step.language != "json":
            assert_lines(step.part, answer)
            return
        found = json.loads(answer)
        assert_part(json.loads(step.part), found, step.command)
        if cursor := found.get("cursor"):
            self.known["CURSOR"] = cursor
        for version in found.get("versions", ()):
            self.known["SEQ"] = str(version["seq"])  # the first version is the last one listed

    def _listen(self, typed: list[str], part: str) -> None:
        """Hear a stream until it has said what is printed."""
        self.desk.withdraw()
        command = [typed[0], "-sS", "--max-time", str(WITHIN_S), *typed[1:]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                heard = ""
                for line in process.stdout:
                    heard += line
                    if line == "\n" and "\ndata:" in heard:
                        break
            finally:
                process.terminate()
        assert_lines(part, heard)


def assert_part(part: Any, whole: Any, where: str) -> None:
    """Whether what is printed is in what came; of a list, some items in their order."""
    if part == ANY:
        return
    if isinstance(part, dict):
        assert isinstance(whole, dict), where
        assert part.keys() <= whole.keys(), where
        for name, value in part.items():
            assert_part(value, whole[name], f"{where} {name}")
    elif isinstance(part, list):
        assert isinstance(whole, list), where
        rest = iter(whole)
        for value in part:
            assert any(holds(value, one) for one in rest), (where, value, whole)
    elif isinstance(part, str) and part.endswith(ANY):
        assert str(whole).startswith(part.removesuffix(ANY)), (where, whole)
    else:
        assert part == whole, where


def holds(part: Any, whole: Any) -> bool:
    """Whether a part is in a whole."""
    try:
        assert_part(part, whole, "")
    except AssertionError:
        return False
    return True


def assert_lines(part: str, whole: str) -> None:
    """Whether every line that is printed came, in their order; an ellipsis is anything."""
    lines = [".*".join(map(re.escape, line.split(ANY))) for line in part.splitlines()]
    assert re.search("(.*\n)*.*".join(lines), whole), (part, whole)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[GuideDesk]:
    with guide_desk(tmp_path / "data") as found:
        yield found


def test_every_command_of_the_guide_answers_as_it_is_printed(
    desk: GuideDesk, tmp_path: Path
) -> None:
    found = steps(GUIDE.read_text("utf-8"))
    reader = Reader(desk, tmp_path)

    for step in found:
        reader.run(step)

    assert [step.status for step in found[-2:]] == [422, 410]
    assert (tmp_path / "articles.ndjson").exists()


def test_every_address_of_the_tour_is_there(desk: GuideDesk) -> None:
    found = TOURED.findall((ROOT / "README.md").read_text("utf-8"))
    addresses = [page or typed for page, typed in found]
    here = f"http://{HOST}:{desk.port}"

    answered = {
        address.removeprefix(ADDRESS): httpx2.get(address.replace(ADDRESS, here)).status_code
        for address in addresses
    }

    assert len(answered) >= 10
    assert [path for path, status in answered.items() if status == 410] == [TAKEN_BACK]
    assert {status for path, status in answered.items() if path != TAKEN_BACK} == {200}


def test_the_guide_has_ten_things() -> None:
    headings = re.findall(r"^## (\d+)\. ", GUIDE.read_text("utf-8"), re.MULTILINE)

    assert headings == [str(number) for number in range(1, 11)]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ({"value": "87.4"}, {"value": "87.5"}),
        ({"value": "87.4"}, {}),
        ({"items": [{"id": 2}, {"id": 1}]}, {"items": [{"id": 1}, {"id": 2}]}),
        ({"text": "It was…"}, {"text": "It is said"}),
        ({"next": None}, {"next": "cursor"}),
    ],
)
def test_what_is_printed_and_did_not_come_is_seen(part: Any, whole: Any) -> None:
    with pytest.raises(AssertionError):
        assert_part(part, whole, "")


def test_what_is_left_out_and_what_an_ellipsis_stands_for_is_not_compared() -> None:
    assert_part(
        {"a": "…", "b": [{"c": 2}], "d": "It…"}, {"a": 7, "b": [1, {"c": 2}], "d": "It is"}, ""
    )
