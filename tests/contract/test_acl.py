"""The users of docs/acl, loaded as ACL files: what each may do, and nothing else.

A refusal is Redis's own NOPERM: no handler of ours is between a user and a command.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import redis
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError

from shared.errors import UnsafeLog
from shared.health import Report
from shared.log import Committed, Move
from shared.redis_archive import RedisArchive, Restorable
from shared.redis_log import RedisLog
from shared.redis_state import RedisTable
from shared.rejects import Reject
from shared.state import HEALTH, KEYS, REJECTS, SUBSCRIPTIONS
from shared.streams import ORIGIN, Position
from shared.subscriptions import Subscription
from tests.builders import at
from tests.drafts import draft, ids, output
from tests.e2e.recordings import recording
from tests.e2e.stack import Desk, eventually, get, length_of_wire
from tests.servers import HOST, Server, program

ROOT: Final = Path(__file__).resolve().parents[2]
PROFILES: Final = ROOT / "docs" / "acl"
USERS: Final = ("reader", "group-reader", "services")
PASSWORD: Final = "secret"
ARCHIVING: Final = "+multi +exec +hgetall +scan"
"""What an export or import needs beside the rights of our services."""
ADMIN: Final = "user admin on >secret ~* &* +@all"

WIRE: Final = "{newswire}:wire"
OTHERS: Final = (
    "{newswire}:articles",
    "{newswire}:rates",
    "{newswire}:deadletters",
    "{other}:wire",
)
GROUP: Final = "theirs"
"""A group that is there."""

READING: Final = (
    f"XREAD COUNT 2 STREAMS {WIRE} 0",
    f"XREAD BLOCK 1 STREAMS {WIRE} 0",
    f"XRANGE {WIRE} - + COUNT 1",
    f"XREVRANGE {WIRE} + - COUNT 1",
    f"XLEN {WIRE}",
    f"XINFO STREAM {WIRE}",
    f"HGET {WIRE}:meta seq",
    "PING",
    "CLIENT SETNAME my-system",
)
GROUPING: Final = (
    f"XGROUP CREATE {WIRE} mine 0",
    f"XGROUP CREATE {WIRE} mine 0 MKSTREAM",
    f"XGROUP CREATECONSUMER {WIRE} {GROUP} worker-2",
    f"XREADGROUP GROUP {GROUP} worker-1 COUNT 1 STREAMS {WIRE} >",
    f"XREADGROUP GROUP {GROUP} worker-1 STREAMS {WIRE} 0",
    f"XACK {WIRE} {GROUP} 1-1",
    f"XPENDING {WIRE} {GROUP}",
    f"XPENDING {WIRE} {GROUP} - + 10",
    f"XCLAIM {WIRE} {GROUP} worker-1 0 1-1",
    f"XAUTOCLAIM {WIRE} {GROUP} worker-1 60000 0",
    f"XINFO GROUPS {WIRE}",
    f"XINFO CONSUMERS {WIRE} {GROUP}",
)
REFUSED: Final = (
    f"XADD {WIRE} * a b",
    f"XADD {WIRE} NOMKSTREAM MAXLEN 1 * a b",
    f"XTRIM {WIRE} MAXLEN 0",
    f"XDEL {WIRE} 1-1",
    f"XSETID {WIRE} 9-9",
    f"DEL {WIRE}",
    f"UNLINK {WIRE}",
    f"EXPIRE {WIRE} 1",
    f"RENAME {WIRE} {{newswire}}:x",
    f"COPY {WIRE} {{newswire}}:x",
    f"MOVE {WIRE} 1",
    f"SET {WIRE} x",
    f"HSET {WIRE}:meta seq 1",
    f"HGETALL {WIRE}:meta",
    f"DUMP {WIRE}",
    f"RESTORE {WIRE} 0 x REPLACE",
    f"XGROUP DESTROY {WIRE} {GROUP}",
    f"XGROUP DELCONSUMER {WIRE} {GROUP} worker-1",
    f"XGROUP SETID {WIRE} {GROUP} $",
    "FCALL f 0",
    "FCALL_RO f 0",
    "FUNCTION LOAD x",
    "FUNCTION FLUSH",
    "EVAL return 0",
    "SCRIPT FLUSH",
    "CONFIG GET dir",
    "CONFIG SET appendonly no",
    "ACL LIST",
    "ACL SETUSER x",
    "KEYS *",
    "SCAN 0",
    "RANDOMKEY",
    "DBSIZE",
    "FLUSHALL",
    "FLUSHDB",
    "SWAPDB 0 1",
    "SELECT 1",
    "INFO",
    "MONITOR",
    "CLIENT LIST",
    "CLIENT KILL TYPE normal",
    "CLIENT PAUSE 1",
    "SHUTDOWN NOSAVE",
    "REPLICAOF NO ONE",
    "SAVE",
    "BGREWRITEAOF",
    "SUBSCRIBE x",
    "PUBLISH x y",
    "MULTI",
    "WAIT 0 0",
)
"""To readers of both kinds."""
ELSEWHERE: Final = (
    *(f"XREAD COUNT 1 STREAMS {key} 0" for key in OTHERS),
    *(f"XRANGE {key} - +" for key in OTHERS),
    *(f"XLEN {key}" for key in OTHERS),
    f"XREAD STREAMS {WIRE} {{newswire}}:articles 0 0",
    "HGET {newswire}:articles:meta seq",
    "HGET {newswire}:state:keys x",
    "HGET {newswire}:checkpoint:enrichment.articles articles",
    f"HGET {WIRE}:subject:x version",
    "XRANGE {newswire}:wire2 - +",
)
GROUPS_ELSEWHERE: Final = (
    *(f"XGROUP CREATE {key} mine 0 MKSTREAM" for key in OTHERS),
    *(f"XREADGROUP GROUP {GROUP} worker-1 STREAMS {key} >" for key in OTHERS),
    *(f"XACK {key} {GROUP} 1-1" for key in OTHERS),
    *(f"XAUTOCLAIM {key} {GROUP} worker-1 0 0" for key in OTHERS),
    "XGROUP CREATE {newswire}:articles:subject:urn:newswire:article:x mine 0 MKSTREAM",
    # Names by which servers have been led to look at another word than the key.
    f"XREADGROUP NOACK GROUP {GROUP} STREAMS STREAMS {{newswire}}:articles >",
    f"XREADGROUP COUNT 1 GROUP STREAMS {WIRE} STREAMS {{newswire}}:articles >",
    f"XREADGROUP COUNT 1 GROUP {GROUP} STREAMS STREAMS {{newswire}}:articles >",
    f"XREADGROUP GROUP {GROUP} {WIRE} STREAMS {WIRE} {{newswire}}:articles > >",
)


def profile(name: str) -> str:
    """A committed profile with a password of the tests instead of its own."""
    line = (PROFILES / f"{name}.acl").read_text("utf-8")
    return re.sub(r">[A-Z-]+-PASSWORD", f">{PASSWORD}", line)


@dataclass(frozen=True)
class Redis:
    """A server with the users of the profiles, and of one who may do anything."""

    server: Server
    file: Path

    def url(self, user: str) -> str:
        return self.server.url.replace(f"{HOST}:", f"{user}:{PASSWORD}@{HOST}:")

    def say(self, user: str, command: str) -> object:
        """What a command answers to a user."""
        with redis.Redis.from_url(self.url(user), socket_timeout=5) as client:
            client.response_callbacks.clear()  # as the server says it
            return client.execute_command(*command.split(" "))


@pytest.fixture(scope="module", params=["redis", "valkey"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Redis]:
    """A server that was started with the profiles as its ACL file."""
    if (path := program(request.param)) is None:
        pytest.skip(f"no {request.param} server program is here")
    folder = tmp_path_factory.mktemp("acl")
    file = folder / "users.acl"
    file.write_text("\n".join([ADMIN, *map(profile, USERS)]), "utf-8")
    started = Server(path, folder, "--aclfile", str(file))
    yield Redis(started, file)
    started.kill()


@pytest.fixture
async def filled(server: Redis) -> Redis:
    """The server with three events on every stream and a group on each."""
    server.say("admin", "FLUSHALL")
    log = RedisLog(server.url("services"))
    for stream in ("articles", "rates", "wire", "deadletters"):
        await log.append(stream, [draft(f"s{n}") for n in (1, 2, 3)])
    await log.close()
    for key in (WIRE, *OTHERS):
        server.say("admin", f"XGROUP CREATE {key} {GROUP} 0 MKSTREAM")
    return server


def refused(server: Redis, user: str, command: str) -> bool:
    """Whether a user may not say something; what else is wrong with it does not count."""
    try:
        server.say(user, command)
    except NoPermissionError:
        return True
    except ResponseError:
        return False
    return False


# --- what may be said -----------------------------------------------------------------------------


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("user", ["reader", "group-reader"])
def test_a_reader_may_read_the_wire(filled: Redis, user: str, command: str) -> None:
    assert filled.say(user, command) is not None


@pytest.mark.parametrize("command", GROUPING)
def test_a_group_reader_may_do_what_a_group_needs(filled: Redis, command: str) -> None:
    filled.say("group-reader", command)


@pytest.mark.parametrize("command", [one for one in GROUPING if "XINFO" not in one])
def test_a_reader_may_have_no_group(filled: Redis, command: str) -> None:
    assert refused(filled, "reader", command)


# --- what may not ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [*REFUSED, *ELSEWHERE])
@pytest.mark.parametrize("user", ["reader", "group-reader"])
def test_a_reader_may_change_nothing_and_see_nothing_else(
    filled: Redis, user: str, command: str
) -> None:
    before = state(filled)

    assert refused(filled, user, command)
    assert state(filled) == before


@pytest.mark.parametrize("command", GROUPS_ELSEWHERE)
def test_a_group_reader_has_groups_on_the_wire_alone(filled: Redis, command: str) -> None:
    before = state(filled)

    assert refused(filled, "group-reader", command)
    assert state(filled) == before


def state(server: Redis) -> tuple[object, ...]:
    """What a user could have changed: keys, entries and groups."""
    with redis.Redis.from_url(server.url("admin"), decode_responses=True) as admin:
        keys = sorted(admin.scan_iter("*"))
        streams = sorted(admin.scan_iter("*", _type="stream"))
        return keys, [(key, admin.xrange(key), admin.xinfo_groups(key)) for key in streams]


def test_a_group_reader_may_touch_the_groups_of_others(filled: Redis) -> None:
    """Redis has no rights for single groups; docs/acl/README.md says what follows."""
    with redis.Redis.from_url(filled.url("admin"), decode_responses=True) as admin:
        admin.xreadgroup(GROUP, "worker-1", {WIRE: ">"}, count=1)
        (position, _), *_ = admin.xrange(WIRE, count=1)

    assert filled.say("group-reader", f"XACK {WIRE} {GROUP} {position}") == 1


@pytest.mark.parametrize(
    "command",
    ["FLUSHALL", "CONFIG SET appendonly no", f"DEL {WIRE}", f"XTRIM {WIRE} MAXLEN 0",
     f"XDEL {WIRE} 1-1", "EVAL return 0", "FUNCTION FLUSH", "KEYS *", "SHUTDOWN",
     "ACL SETUSER x", "XADD {other}:wire * a b", "SET x y"],
)  # fmt: skip
def test_our_services_may_not_destroy_a_log_nor_touch_another_desk(
    filled: Redis, command: str
) -> None:
    assert refused(filled, "services", command)


# --- the files ------------------------------------------------------------------------------------


def test_every_user_of_the_profiles_is_there_and_has_a_password(server: Redis) -> None:
    with redis.Redis.from_url(server.url("admin"), decode_responses=True) as admin:
        assert set(admin.acl_users()) == {"admin", "default", *USERS}
    for user in USERS:
        with (
            redis.Redis.from_url(server.url(user).replace(PASSWORD, "wrong")) as client,
            pytest.raises(AuthenticationError),
        ):
            client.ping()


def test_every_profile_says_that_its_password_is_to_be_replaced() -> None:
    for name in USERS:
        line = (PROFILES / f"{name}.acl").read_text("utf-8")

        assert f">{name.upper()}-PASSWORD " in line
        assert line.count("\n") == 1


def test_with_the_default_profile_nobody_gets_in_without_a_password(server: Redis) -> None:
    whole = server.file.read_text("utf-8")
    server.file.write_text(f"{profile('default')}{whole}", "utf-8")
    try:
        server.say("admin", "ACL LOAD")
        with (
            redis.Redis.from_url(server.server.url) as anybody,
            pytest.raises(AuthenticationError),
        ):
            anybody.ping()
        assert server.say("reader", "PING")
    finally:
        server.file.write_text(whole, "utf-8")
        server.say("admin", "ACL LOAD")


# --- the ways of reading --------------------------------------------------------------------------


async def test_a_reader_catches_up_and_proves_that_it_is_the_same_log(filled: Redis) -> None:
    """What docs/consuming-the-streams.md tells a reader to do, as our own code does it."""
    log = RedisLog(filled.url("reader"))
    try:
        first = await log.follow("wire", ORIGIN, count=2)
        rest = await log.follow("wire", first[-1].checkpoint(), count=9)
        head = await log.head("wire")
        again = await log.seek("wire", 2)
    finally:
        await log.close()

    assert ids(first + rest) == ["s1/one", "s2/one", "s3/one"]
    assert head.seq == 3
    assert again == first[1].checkpoint()


async def test_a_reader_that_appends_is_refused_by_name(filled: Redis) -> None:
    log = RedisLog(filled.url("reader"))
    with pytest.raises(UnsafeLog, match="has no permissions to run the 'fcall' command"):
        await log.append("wire", [draft("x")])
    await log.close()


@pytest.mark.parametrize(
    ("example", "user"), [("python", "reader"), ("faststream", "group-reader")]
)
def test_an_example_reads_the_wire_with_the_rights_of_its_user(
    example: str, user: str, server: Redis, tmp_path: Path
) -> None:
    with published(server, tmp_path, "enrichment") as (_, count):
        file = tmp_path / "wire.ndjson"
        read = subprocess.run(
            [sys.executable, str(ROOT / "examples" / example / "reader.py"), str(file)],
            env={
                "NEWSWIRE_REDIS_URL": server.url(user),
                "READER_STOP_AT_SEQ": str(count),
            },
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip

    assert (read.returncode, read.stderr) == (0, "")
    assert len(file.read_text("utf-8").splitlines()) == count


@contextmanager
def published(server: Redis, folder: Path, *services: str) -> Iterator[tuple[Desk, int]]:
    """A desk of our services that has brought a recording to the wire, and how long that is."""
    server.say("admin", "FLUSHALL")
    desk = Desk(folder / "desk", server.url("services"))
    (folder / "recording.ndjson").write_bytes(recording(5_001))
    try:
        for service in services:
            desk.start(service)
        assert desk.start("ingest", "replay", str(folder / "recording.ndjson")).wait(60) == 0
        with redis.Redis.from_url(server.url("admin")) as admin:
            count = length_of_wire(admin)
        assert count > 50
        yield desk, count
    finally:
        desk.end()


# --- our own services -----------------------------------------------------------------------------


async def test_subscriptions_work_for_our_services(server: Redis) -> None:
    server.say("admin", "FLUSHALL")
    store = RedisTable(SUBSCRIPTIONS, server.url("services"))
    made = Subscription("t", "s", "irt", "https://a.example/", "https://h.example/", at(1))
    try:
        await store.put(made)
        assert list(await store.all()) == [made]
        await store.forget("t")
        assert list(await store.all()) == []
    finally:
        await store.close()


async def test_reports_and_rejects_work_for_our_services(server: Redis) -> None:
    server.say("admin", "FLUSHALL")
    health = RedisTable(HEALTH, server.url("services"))
    rejects = RedisTable(REJECTS, server.url("services"))
    report = Report("api", 1, True, "2026-03-03T12:00:00Z", "well")
    reject = Reject(0, at(1), "courier", "empty", 1, "the document", "expected a page")
    try:
        await health.put(report)
        await rejects.replace([reject])
        assert (await health.all(), await rejects.all()) == ([report], [reject])
    finally:
        await health.close()
        await rejects.close()


async def test_the_log_and_its_state_work_for_our_services(server: Redis) -> None:
    server.say("admin", "FLUSHALL")
    log = RedisLog(server.url("services"))
    store = RedisTable(KEYS, server.url("services"))
    try:
        await log.check_durability("always")
        await log.append("articles", [draft("a")])
        (entry,) = await log.follow("articles", ORIGIN, count=1)
        moved = await log.commit("c", [Move("articles", ORIGIN, entry.checkpoint())], [output("o")])
        keys = await store.all()
        assert await store.get("x") is None
    finally:
        await log.close()
        await store.close()

    assert isinstance(moved, Committed)
    assert keys == []


async def test_an_archive_needs_four_rights_that_our_services_do_not_have(server: Redis) -> None:
    server.say("admin", "FLUSHALL")
    line = profile("services").strip().replace("user services", "archivist")
    server.say("admin", f"ACL SETUSER {line} {ARCHIVING}")
    log = RedisLog(server.url("services"))
    await log.append("articles", [draft("a")])
    refused, archive = RedisArchive(server.url("services")), RedisArchive(server.url("archivist"))
    try:
        with pytest.raises(UnsafeLog, match="has no permissions"):
            await refused.cut()
        cut = await archive.cut()
        (entry,) = await log.follow("articles", ORIGIN, count=1)
        fields = tuple(part for pair in list(entry.fields.items())[2:] for part in pair)
        again = Restorable(Position("9999999999999-0"), 1, "z", "other", fields)
        assert await archive.restore("articles", 2, [again]) == 2
    finally:
        for each in (log, refused, archive):
            await each.close()

    assert cut.heads["articles"].seq == 1
    assert f"`{ARCHIVING}`" in (PROFILES / "README.md").read_text("utf-8")


def test_our_services_run_with_their_profile(server: Redis, tmp_path: Path) -> None:
    """All four, from a recording to the views."""
    four = ("ingest", "enrichment", "projection", "api")
    with published(server, tmp_path, *four) as (desk, count):
        eventually(lambda: desk.views_seq() == count, "the views follow")
        eventually(lambda: get(desk.port, "/readyz").status == 200, "the api is ready")
        assert all(process.poll() in (None, 0) for process in desk.processes)

    logged = "".join(file.read_text("utf-8") for file in desk.data.glob("*.log"))
    assert "has no permissions" not in logged
