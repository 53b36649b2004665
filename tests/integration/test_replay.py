"""Recordings, the project's own seed among them: any number of times with the same result."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from rich.console import Console

import seed
from services.ingest import replay as replaying
from services.ingest.__main__ import main
from services.ingest.main import replay_path
from services.ingest.recording import EventsRecord
from services.ingest.replay import Replayed, records, replay, summary
from shared.errors import Unavailable
from shared.events import StreamName
from shared.log import AppendOutcome, Draft, Log
from shared.redis_log import RedisLog
from shared.testing.builders import ARTICLE_ID, article
from shared.testing.memory_log import MemoryLog
from tests.builders import at, contents, events, history, publisher
from tests.conftest import NewServer
from tests.faulty_log import AwayLog, Lost

SEED = Path(seed.__path__[0])
PAGE = "• KZT/USD = 0.00198 0.30%\n2 March 2026\n\nTenge Firms\n\nThe tenge rose on Monday.\n"


async def replayed(path: Path, log: Log, source: str | None = None) -> tuple[Replayed, str]:
    """What a replay did and what it said."""
    said = io.StringIO()
    found = records(path, source)
    assert isinstance(found, list)
    done = await replay(found, publisher(log), Console(file=said, width=200))
    return done, said.getvalue()


# --- the seed -----------------------------------------------------------------------------------


async def test_the_seed_gives_43_events_once_and_nothing_when_replayed() -> None:
    log = MemoryLog()
    runs = [await replayed(SEED, log) for _ in range(3)]

    assert [(list(summary(done)), done.problems) for done, _ in runs] == [
        (["replayed: 43 appended, 6 unchanged; problems: 0"], []),
        (["replayed: 45 unchanged, 4 stale; problems: 0"], []),
        (["replayed: 45 unchanged, 4 stale; problems: 0"], []),
    ]
    assert [(await log.head("articles")).seq, (await log.head("rates")).seq] == [24, 19]


async def test_a_replay_says_what_became_of_each_record() -> None:
    _, said = await replayed(SEED, MemoryLog())

    assert said.splitlines() == [
        "2026-03-02-steppe-courier.txt: 11 appended",
        "2026-03-02-silk-road-bulletin.txt: 2 appended",
        "2026-03-02-silk-road-bulletin-ru.txt: 2 appended",
        "2026-03-02-issyk-kul-dispatch.rss: 2 appended",
        "2026-03-02-nbkr.xml: 5 appended",
        "2026-03-03-pamir-observer.atom: 2 appended",
        "2026-03-03-cbu-usd.json: 1 appended",
        "2026-03-03-steppe-courier.txt: 8 appended, 2 unchanged",
        "2026-03-03-zarafshan-gazette.json: 2 appended",
        "2026-03-03-push-irtysh-telegraph.ndjson: 2 appended",
        "2026-03-03-push-irtysh-rates.ndjson: 2 appended",
        "2026-03-03-withdrawal.ndjson: 1 appended",
        "2026-03-03-pamir-observer-evening.atom: 1 appended",
        "2026-03-03-steppe-courier-evening.txt: 2 appended, 4 unchanged",
    ]


async def test_the_seed_shows_a_revision_a_withdrawal_and_a_restatement() -> None:
    log = MemoryLog()
    await replayed(SEED, log)

    changed = [each for each in await events(log) if each.version > 1]
    assert [(each.type, each.subject) for each in changed] == [
        (
            "newswire.article.revised",
            "urn:newswire:article:d6d10251-02d6-5210-ac83-a518dfdd0da2",
        ),
        (
            "newswire.article.withdrawn",
            "urn:newswire:article:027d266b-00bd-5080-811d-4d071fed54ba",
        ),
        (
            "newswire.article.revised",
            "urn:newswire:article:abe3e0d4-6672-563b-8ef1-2357a2bb4695",
        ),
    ]
    corrected = changed[2].event.model_dump()
    assert (corrected["change"], corrected["declared"]) == ("correction", True)
    revised = changed[0].event.model_dump()
    assert revised["article"]["revision"] == 2
    assert revised["article"]["credit"] == "Steppe Courier"
    assert (revised["change"], revised["declared"]) == ("update", False)
    assert revised["evidence"]["paragraphs"] == "4 to 5"
    quoted = [each for each in await events(log, "rates") if "KZT-USD:2026-03-03" in each.subject]
    assert [(each.version, each.event.model_dump()["rate"]["value"]) for each in quoted] == [
        (1, "0.00198"), (2, "0.00199"),
    ]  # fmt: skip


async def test_the_banks_of_the_seed_say_what_its_front_page_says() -> None:
    """The official price of a dollar and the page's dollars for one unit agree to its digits."""
    log = MemoryLog()
    await replayed(SEED, log)

    rates = [each.event.model_dump()["rate"] for each in await events(log, "rates")]
    official = {
        rate["base"] + rate["quote"]: (rate["value"], rate["as_of"], rate["change"])
        for rate in rates
        if rate["kind"] == "official"
    }
    assert official == {
        "USDKGS": ("87.4120", "2026-03-03", None),  # 0.01144 dollars for a som
        "EURKGS": ("102.4906", "2026-03-03", None),
        "CNYKGS": ("12.6684", "2026-03-03", None),
        "KZTKGS": ("0.1728", "2026-03-03", None),  # 0.00198 dollars for a tenge
        "RUBKGS": ("1.0752", "2026-03-03", None),
        "USDUZS": ("12180.55", "2026-03-03", "-11.84"),  # 0.00008 dollars for a soum
    }


# --- other recordings ---------------------------------------------------------------------------


def withdrawal(of: str = ARTICLE_ID) -> bytes:
    """A line of a file of recorded events."""
    data = {
        "article_id": of, "source": "steppe-courier", "reason": "A draft.", "by": "source",
        "observed_at": "2026-03-05T06:00:00Z",
    }  # fmt: skip
    return orjson.dumps({"type": "newswire.article.withdrawn", "data": data}) + b"\n"


def received(**changes: object) -> bytes:
    """Another one."""
    data = {"article": article(**changes).model_dump(mode="json")}
    return orjson.dumps({"type": "newswire.article.received", "data": data}) + b"\n"


async def test_recorded_events_are_published_in_order_and_once(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(
        received(headline="A", observed_at=at(2))
        + received(headline="B", observed_at=at(3))
        + received(headline="A", observed_at=at(4))
        + withdrawal()
    )
    log = MemoryLog()

    texts = [[*summary((await replayed(file, log))[0])] for _ in range(2)]

    assert texts == [
        ["replayed: 4 appended; problems: 0"],
        ["replayed: 1 unchanged, 3 stale; problems: 0"],
    ]
    assert await history(log) == [
        ("A", 1, "received"), ("B", 2, "revised"), ("A", 3, "revised"),
        ("A draft.", 4, "withdrawn"),
    ]  # fmt: skip


async def test_a_bad_line_and_a_decision_about_nothing_cost_only_themselves(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(received() + b"{\n" + withdrawal("nobody") + withdrawal())

    done, said = await replayed(file, MemoryLog())

    assert len(done.outcomes) == 3
    assert [(one.reason, one.where) for one in done.problems] == [
        ("event-invalid", "line 2"), ("event-invalid", "nobody"),
    ]  # fmt: skip
    assert said.splitlines()[0] == "events.ndjson: 2 appended, 1 refused"
    assert said.splitlines()[2] == (
        "  event-invalid at nobody: there is no article nobody to decide about"
    )


async def test_an_event_of_more_than_its_type_takes_costs_only_itself(tmp_path: Path) -> None:
    """Fields that a line leaves out stand as null in its event: it would grow to 2.6 MB here."""
    plain = received(article_id="large", media=[])
    large = plain.replace(b'"media":[]', b'"media":[' + b'{"url":""},' * 60_000 + b'{"url":""}]')
    file = tmp_path / "events.ndjson"
    file.write_bytes(received(article_id="a") + large + received(article_id="b"))
    log = MemoryLog()

    done, _ = await replayed(file, log)

    assert len(large) < 700_000
    assert [each.subject for each in await events(log)] == [
        "urn:newswire:article:a",
        "urn:newswire:article:b",
    ]
    assert [(one.reason, one.where) for one in done.problems] == [("event-invalid", "line 2")]
    assert "data.article.media: " in done.problems[0].detail


async def test_a_file_that_is_away_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "manifest.toml").write_text(
        '[[record]]\nevents = "away.ndjson"\n'
        '[[record]]\nfile = "away.txt"\nsource = "x"\nobserved_at = 2026-03-02T06:00:00Z\n'
        '[[record]]\nfile = "page.txt"\nsource = "x"\nobserved_at = 2026-03-02T06:00:00Z\n',
        encoding="utf-8",
    )

    done, _ = await replayed(tmp_path, MemoryLog())

    assert len(done.outcomes) == 2
    assert [(one.reason, Path(one.where).name) for one in done.problems] == [
        ("unreadable", "away.ndjson"), ("unreadable", "away.txt"),
    ]  # fmt: skip


async def test_a_file_of_events_too_large_to_be_read_whole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "EVENTS_BYTES_MAX", 10)
    file = tmp_path / "events.ndjson"
    file.write_bytes(withdrawal())

    done = await replay([EventsRecord(file)], publisher(MemoryLog()), Console(file=io.StringIO()))

    assert [(one.reason, one.detail) for one in done.problems] == [
        ("too-large", "expected at most 10 bytes, found more; split the file")
    ]


async def test_the_problems_of_a_page_are_told_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_text("• KZT/USD = [bold]much[/bold]\n" + PAGE, encoding="utf-8")
    os.utime(file, (at(2).timestamp(), at(2).timestamp()))

    _, said = await replayed(file, MemoryLog())

    assert "ticker-unreadable at line 1: " in said
    assert "[bold]much[/bold]" in said


async def test_a_file_name_is_told_as_it_stands(tmp_path: Path) -> None:
    file = page_at(tmp_path / "page [red] :smile: {x}.txt")

    _, said = await replayed(file, MemoryLog())

    assert said == "page [red] :smile: {x}.txt: 2 appended\n"


def page_at(file: Path, seen: datetime | None = None) -> Path:
    """A page of one article and one rate, seen at a time."""
    file.write_text(PAGE, encoding="utf-8")
    instant = (seen or at(2)).timestamp()
    os.utime(file, (instant, instant))
    return file


async def test_what_would_steer_a_terminal_is_written_out(tmp_path: Path) -> None:
    """A name, a line of a page and a line of recorded events may hold anything."""
    page = page_at(tmp_path / "a\x1b[2J\u202e\n.txt")
    page.write_text("• KZT/USD = \u202emuch\u2066\n" + PAGE, encoding="utf-8")
    os.utime(page, (at(2).timestamp(), at(2).timestamp()))
    odd = tmp_path / "events.ndjson"
    odd.write_bytes(b'{"type": "\\u001b[2J\\u202e\\n"}\n')

    _, said = await replayed(tmp_path, MemoryLog())

    assert "a\\x1b[2J\\u202e\\n.txt: 2 appended\n" in said
    assert "“\\x1b[2J\\u202e\\n”" in said
    assert all(line.isprintable() for line in said.splitlines())


# --- what cannot be read ------------------------------------------------------------------------


async def test_a_document_from_the_future_is_a_problem_and_the_rest_goes_on(
    tmp_path: Path,
) -> None:
    """The publisher's clock stands at 1 April 2026."""
    page_at(tmp_path / "a.txt", datetime(2099, 1, 1, tzinfo=UTC))
    page_at(tmp_path / "b.txt")
    page_at(tmp_path / "c.txt", datetime(2026, 4, 2, tzinfo=UTC))

    done, _ = await replayed(tmp_path, MemoryLog(), "x")

    assert [one.reason for one in done.problems] == ["date-in-future"]
    assert done.problems[0].detail == (
        "expected an instant up to 2026-04-02T00:00:00Z, came 2099-01-01T00:00:00Z; "
        "mend when it was observed"
    )
    assert list(summary(done)) == ["replayed: 2 appended, 2 unchanged; problems: 1"]


async def test_a_record_from_the_future_is_a_problem_and_a_later_page_is_no_stale_one(
    tmp_path: Path,
) -> None:
    page_at(tmp_path / "page.txt")
    (tmp_path / "manifest.toml").write_text(
        "".join(
            f'[[record]]\nfile = "page.txt"\nsource = "x"\nobserved_at = {seen}\n'
            for seen in ("9998-01-01T00:00:00Z", "2026-03-02T06:00:00Z")
        )
    )

    done, _ = await replayed(tmp_path, MemoryLog())

    assert [one.reason for one in done.problems] == ["date-in-future"]
    assert list(summary(done)) == ["replayed: 2 appended; problems: 1"]


async def test_an_event_from_the_future_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "events.ndjson"
    ahead = received(observed_at=datetime(9998, 1, 1, tzinfo=UTC))
    file.write_bytes(ahead + received())

    done, _ = await replayed(file, MemoryLog())

    assert [(one.reason, one.where) for one in done.problems] == [("date-in-future", "line 1")]
    assert list(summary(done)) == ["replayed: 1 appended; problems: 1"]


async def test_what_is_no_regular_file_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    """To open a pipe for reading waits for a writer."""
    page_at(tmp_path / "page.txt")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    named = ("pipe", "folder", "page.txt")
    (tmp_path / "manifest.toml").write_text(
        '[[record]]\nevents = "pipe"\n[[record]]\nevents = "folder"\n'
        + "".join(
            f'[[record]]\nfile = "{name}"\nsource = "x"\nobserved_at = 2026-03-02T06:00:00Z\n'
            for name in named
        )
    )

    done, _ = await replayed(tmp_path, MemoryLog())

    assert [(one.reason, one.detail) for one in done.problems] == [
        ("unreadable", "expected a file, came a pipe"),
        ("unreadable", "expected a file, came a directory"),
    ] * 2
    assert len(done.outcomes) == 2


@pytest.mark.parametrize("data", [b"", b"\n\n  \r\n"], ids=["empty", "blank"])
async def test_a_file_without_events_is_a_problem(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "events.ndjson"
    file.write_bytes(data)

    done, _ = await replayed(file, MemoryLog())

    assert [(one.reason, one.where) for one in done.problems] == [("empty", str(file))]


# --- the verb -----------------------------------------------------------------------------------


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, valkey_url: str, desk: str) -> None:
    """The settings of a stack of this test's own."""
    monkeypatch.setenv("NEWSWIRE_REDIS_URL", valkey_url)
    monkeypatch.setenv("NEWSWIRE_DESK", desk)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The document that the command line names; not there yet."""
    file = tmp_path / "page.txt"
    monkeypatch.setattr(sys, "argv", ["ingest", "replay", str(file), "--source", "x"])
    return file


@pytest.mark.usefixtures("environment")
async def test_the_verb_replays_to_the_log_of_the_settings(
    valkey_url: str, desk: str, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = [await replay_path(SEED, None) for _ in range(2)]

    said = capsys.readouterr().out
    log, expected = RedisLog(valkey_url, desk), MemoryLog()
    await replayed(SEED, expected)
    there = [_untimed(fields) for fields in await contents(log)]
    await log.close()
    assert codes == [0, 0]
    assert "replayed: 43 appended, 6 unchanged; problems: 0\n" in said
    assert "replayed: 45 unchanged, 4 stale; problems: 0\n" in said
    assert there == [_untimed(fields) for fields in await contents(expected)]


def _untimed(fields: dict[bytes, bytes]) -> dict[bytes, bytes]:
    return {name: value for name, value in fields.items() if name != b"recordedtime"}


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        (None, b"", "empty at "),
        ("events.ndjson", b"", "empty at "),
        ("events.ndjson", b"\n", "empty at "),
        ("manifest.toml", b"record = []", "expected at least one [[record]], found none\n"),
        ("manifest.toml", b"", "record: Field required\n"),
        ("page.txt", b"", "empty at the document"),
        ("page.txt", b"{}", "expected plain text or a feed, came JSON"),
    ],
)
async def test_a_replay_of_nothing_says_so_and_ends_with_1(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str | None,
    data: bytes,
    sentence: str,
) -> None:
    if name is not None:
        (tmp_path / name).write_bytes(data)

    assert await replay_path(tmp_path, "x") == 1
    assert sentence in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
async def test_the_source_that_a_name_gives_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = page_at(tmp_path / "Steppe Courier.txt")

    await replay_path(page, None)
    told = capsys.readouterr().out
    await replay_path(page, "steppe-courier")

    assert told.startswith(
        "source: steppe-courier (from the file's name; --source names another)\n"
    )
    assert "--source" not in capsys.readouterr().out


def test_a_terminal_that_knows_few_letters_gives_no_traceback(
    tmp_path: Path, valkey_url: str, desk: str
) -> None:
    page_at(tmp_path / "Вестник.txt")
    settings = {"NEWSWIRE_REDIS_URL": valkey_url, "NEWSWIRE_DESK": desk}

    done = subprocess.run(
        [sys.executable, "-m", "services.ingest", "replay", "--source", "x", "--", tmp_path],
        env={**os.environ, **settings, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"\\u0412")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, (0, "replayed: 2 appended; problems: 0")),
        ("\0", (1, "replayed: nothing; problems: 1")),
        (None, (1, "unreadable at ")),
    ],
    ids=["a page", "nothing that can be read", "no file"],
)
def test_the_exit_code_says_whether_anything_was_read(
    page: Path, capsys: pytest.CaptureFixture[str], text: str | None, expected: tuple[int, str]
) -> None:
    if text is not None:
        page.write_text(text, encoding="utf-8")

    code = main()

    assert code == expected[0]
    assert expected[1] in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_a_source_that_is_no_id_is_refused_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "page.txt"
    file.write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["ingest", "replay", str(file), "--source", "Not An Id"])
    code: object = 0

    try:
        code = main()
    except SystemExit as exited:  # argparse says it, or we do
        code = exited.code

    assert code != 0


async def test_a_log_that_is_away_is_told_with_what_to_do(
    new_server: NewServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = new_server()
    server.kill()
    monkeypatch.setenv("NEWSWIRE_REDIS_URL", server.url)
    monkeypatch.setattr(replaying, "AWAY_S_MAX", 0.1)

    code = await replay_path(SEED, None)

    said = capsys.readouterr().out
    assert code == 1
    assert said.startswith("Redis does not answer: ")
    assert said.endswith("Replay again: what was published stays once.\n")


# --- the log away -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(1, 12))
@pytest.mark.parametrize("lost", ["call", "reply"])
async def test_a_replay_waits_for_a_log_that_is_away_and_goes_on(number: int, lost: Lost) -> None:
    plain, away = MemoryLog(), MemoryLog()
    await replayed(SEED, plain)

    await replayed(SEED, AwayLog(away, number, lost))

    assert await contents(away) == await contents(plain)


async def test_a_replay_gives_up_on_a_log_that_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(MemoryLog):
        async def append(self, stream: StreamName, drafts: Sequence[Draft]) -> list[AppendOutcome]:
            raise Unavailable(f"no answer to {len(drafts)} drafts of {stream}")

    monkeypatch.setattr(replaying, "AWAY_S_MAX", 0.1)

    with pytest.raises(Unavailable, match="no answer to 6 drafts of articles"):
        await replayed(SEED, Gone())
