"""``python -m services.ingest parse``: what a document holds, for people and for programs."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest

from services.ingest.__main__ import main
from services.ingest.parse.limits import DOCUMENT_BYTES_MAX

PAGE = """• KGS/USD = 0.01144 -0%
• KZT/USD = 0.00198 0.30%
• XXQ/USD = 1 0%
2 March 2026

Tenge Firms in Late Trading

ALMATY, Kazakhstan – The tenge gained ground in the last hour of trading.

Dealers said exporters had sold dollars.
"""


def parse(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, *args: str
) -> tuple[int, bytes]:
    """Exit code and output of the verb ``parse``."""
    monkeypatch.setattr(sys, "argv", ["ingest", "parse", *args])
    code = main()
    said = capsysbinary.readouterr()
    assert said.err == b""
    return code, said.out


ROOT = Path(__file__).parents[2]


def run(
    *args: str | bytes, cwd: Path = ROOT, stdin: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The same as a process of its own."""
    command: list[str | bytes] = [sys.executable, "-m", "services.ingest", "parse", *args]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, capture_output=True, check=False, timeout=30, cwd=cwd, stdin=stdin, env=path
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "Steppe Courier.txt"
    file.write_text(PAGE, encoding="utf-8")
    return file


def test_a_document_is_printed_as_a_line_per_thing_as_a_process(page: Path) -> None:
    done = run(str(page), "--json")

    lines = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert [(line["type"], line.get("source")) for line in lines] == [
        ("document", "steppe-courier"),
        ("article", "steppe-courier"),
        ("rate", "steppe-courier"),
        ("rate", "steppe-courier"),
        ("problem", None),
    ]
    assert lines[1]["headline"] == "Tenge Firms in Late Trading"
    assert lines[1]["dateline"] == "ALMATY, Kazakhstan"
    assert [(line["base"], line["value"], line["change"]) for line in lines[2:4]] == [
        ("KGS", "0.01144", "-0"), ("KZT", "0.00198", "0.30"),
    ]  # fmt: skip
    assert (lines[4]["reason"], lines[4]["where"]) == ("currency-unknown", "line 3")


def test_a_document_is_printed_for_a_person(
    page: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out = parse(capsysbinary, monkeypatch, str(page), "--source", "other-source")

    lines = out.decode().splitlines()
    assert code == 0
    assert lines[0].startswith("other-source: front-page, 2026-03-02, sha256 ")
    assert lines[1:] == [
        "  KGS/USD 0.01144  -0%  (1 time)",
        "  KZT/USD 0.00198  0.30%  (1 time)",
        "  1. Tenge Firms in Late Trading  [ALMATY, Kazakhstan]",
        "     2 paragraphs",
        "  currency-unknown at line 3: expected an ISO 4217 code, came XXQ",
    ]


def test_a_hyphen_is_the_standard_input(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(PAGE.encode())))
    code, out = parse(capsysbinary, monkeypatch, "-", "--json")

    document = orjson.loads(out.splitlines()[0])
    assert (code, document["source"], document["articles"]) == (0, "stdin", 1)


@pytest.mark.parametrize("flags", [(), ("--json",)], ids=["text", "json"])
def test_a_pipe_is_refused_by_its_name_and_read_as_the_standard_input(
    tmp_path: Path, flags: tuple[str, ...]
) -> None:
    os.mkfifo(tmp_path / "page.txt")
    reading, writing = os.pipe()
    os.write(writing, PAGE.encode())
    os.close(writing)

    named, read = run(str(tmp_path / "page.txt"), *flags), run("-", *flags, stdin=reading)

    os.close(reading)
    assert (named.returncode, read.returncode) == (1, 0)
    assert b"expected a file, came a pipe" in named.stdout
    assert b"Tenge Firms" in read.stdout


def test_a_standard_input_that_is_closed_is_a_problem(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    code, out = parse(capsysbinary, monkeypatch, "-")

    assert (code, out) == (
        1, b"unreadable at stdin: expected a document, came no standard input\n",
    )  # fmt: skip


def test_a_reader_that_is_interrupted_gives_no_traceback(
    capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    class _Interrupted:
        @staticmethod
        def read(_: int) -> bytes:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=_Interrupted))

    assert parse(capsysbinary, monkeypatch, "-") == (130, b"")


def test_what_would_steer_a_terminal_is_written_out_for_a_person(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.txt"
    file.write_text("Tenge \u202eFirms\tAgain\u2066\n\nThe tenge rose.\n", encoding="utf-8")
    missing = str(tmp_path / "a\x1b[2J\u202e\r\n.txt")

    (_, text), (_, problem) = (
        parse(capsysbinary, monkeypatch, str(file)),
        parse(capsysbinary, monkeypatch, missing),
    )

    assert "  1. Tenge \\u202eFirms" in text.decode()
    assert "/a\\x1b[2J\\u202e\\r\\n.txt: expected a readable file" in problem.decode()
    assert all(line.isprintable() for line in (text + problem).decode().splitlines())


def test_nothing_at_a_path_is_one_problem_and_exit_code_1(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "missing.txt")
    code, out = parse(capsysbinary, monkeypatch, missing, "--json")

    assert code == 1
    assert orjson.loads(out) == {
        "type": "problem",
        "reason": "unreadable",
        "where": missing,
        "detail": "expected a readable file: No such file or directory",
    }


def test_a_person_reads_the_same_sentence_as_after_a_replay(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "missing.txt")
    code, out = parse(capsysbinary, monkeypatch, missing)

    assert code == 1
    assert out.decode().strip() == (
        f"unreadable at {missing}: expected a readable file: No such file or directory"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b" \n\t\n", "empty", id="blank"),
        pytest.param(bytes(range(256)) * 9, "binary", id="binary"),
        pytest.param(PAGE.encode("utf-16"), "undecodable", id="UTF-16"),
        pytest.param("Курс тенге вырос.\n\n".encode("cp1251") * 9, "undecodable", id="cp1251"),
        pytest.param(b"<html><p>x</p>", "unsupported", id="HTML"),
        pytest.param(b'{"a": 1}', "unsupported", id="JSON"),
        pytest.param(b"%PDF-1.7", "unsupported", id="PDF"),
        pytest.param(b"x" * (DOCUMENT_BYTES_MAX + 1), "too-large", id="too large"),
        pytest.param(b"x" * 200_000, "line-too-long", id="one long line"),
        pytest.param(b"Headline\n", "article-without-text", id="a headline alone"),
    ],
)
def test_of_a_document_that_holds_nothing_the_reason_is_said_and_the_exit_code_is_1(
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    reason: str,
) -> None:
    file = tmp_path / "bad.txt"
    file.write_bytes(data)
    code, out = parse(capsysbinary, monkeypatch, str(file), "--json")

    lines = [orjson.loads(line) for line in out.splitlines()]
    assert (code, lines[0]["type"]) == (1, "document")
    assert {line["type"] for line in lines[1:]} == {"problem"}
    assert reason in {line["reason"] for line in lines[1:]}


@pytest.mark.parametrize(
    ("data", "came"),
    [
        (b'{"a": 1}', "JSON"),
        (b'[{"a": 1}]', "JSON"),
        (b"[1, 2]", "JSON"),
        (b'[[source]]\nid = "x"\n', "TOML"),
        (b"<!DOCTYPE html><p>x", "HTML"),
        (b"<html><p>x</p>", "HTML"),
        (b"{\\rtf1", "RTF"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_page_is_called_what_it_looks_like(
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    came: str,
) -> None:
    file = tmp_path / "bad.txt"
    file.write_bytes(data)
    _, out = parse(capsysbinary, monkeypatch, str(file), "--json")

    problem = orjson.loads(out.splitlines()[1])
    assert problem["reason"] == "unsupported"
    assert problem["detail"] == f"expected plain text or a feed, came {came}; save the page as text"


def test_output_that_nothing_takes_is_a_sentence(page: Path) -> None:
    command = f"exec {sys.executable} -m services.ingest parse '{page}' > /dev/full"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, check=False, timeout=30, cwd=ROOT
    )

    assert done.returncode == 1
    assert done.stderr == b"expected to print, could not: No space left on device\n"


def test_a_file_name_that_is_no_text_gives_no_traceback(tmp_path: Path) -> None:
    done = run(os.fsencode(tmp_path) + b"/\xff\xfe.txt", "--json")

    assert b"Traceback" not in done.stderr
    assert done.returncode == 1


def test_a_source_that_is_no_id_gives_no_traceback(page: Path) -> None:
    done = run(str(page), "--json", "--source", "Steppe Courier!")

    assert b"Traceback" not in done.stderr
    assert done.returncode != 0


def test_a_reader_that_closes_early_gives_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("\n\n".join(f"Headline {n}\n\n{'Text. ' * 300}" for n in range(300)))
    with subprocess.Popen(
        [sys.executable, "-m", "services.ingest", "parse", str(file), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        said = process.stderr.read()

    assert b"Traceback" not in said


@pytest.mark.parametrize(
    ("args", "usage"),
    [
        ((), "usage: python -m services.ingest "),
        (("speak",), "usage: python -m services.ingest "),
        (("run", "x"), "usage: python -m services.ingest "),
        (("parse",), "usage: newswire parse "),
        (("parse", "x", "--source", "An Id"), "usage: newswire parse "),
        (("replay",), "usage: newswire replay "),
    ],
    ids=str,
)
def test_a_command_line_that_is_none_shows_the_usage(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    usage: str,
) -> None:
    """People meet parse and replay as commands of newswire."""
    monkeypatch.setattr(sys, "argv", ["ingest", *args])

    with pytest.raises(SystemExit) as exited:
        main()

    assert exited.value.code == 2
    assert capsys.readouterr().err.startswith(usage)


@pytest.mark.parametrize("name", ["-dash.txt", "--json", "--", "-j"])
def test_after_two_hyphens_a_name_may_begin_with_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PAGE, encoding="utf-8")

    done = run("--json", "--", name, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, b"")
    assert orjson.loads(done.stdout.splitlines()[0])["articles"] == 1


def test_reading_a_document_loads_no_broker(page: Path) -> None:
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['ingest', 'parse', {str(page)!r}, '--json']\n"
        "try:\n"
        "    runpy.run_module('services.ingest', run_name='__main__')\n"
        "except SystemExit as exited:\n"
        "    assert exited.code == 0\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(*sorted(loaded & {'redis', 'faststream', 'fastapi', 'sqlite3'}), file=sys.stderr)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, timeout=30, text=True
    )

    assert done.stderr.strip() == ""
    assert done.stdout.startswith('{"type":"document"')
