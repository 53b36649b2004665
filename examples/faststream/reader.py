"""Appends every event of the newswire's public stream to a file, with FastStream: once, in order.

The subscribers are asked for messages instead of given a handler: FastStream swallows what a
handler raises, and after a lost answer its loop reads on behind what that answer held.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from faststream.redis import RedisBroker, StreamSub

WIRE = "{newswire}:wire"
URL = os.environ.get("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
GROUP = os.environ.get("READER_GROUP", "example-faststream")
NAME = os.environ.get("READER_NAME", "reader-1")
STOP_AT_SEQ = int(os.environ.get("READER_STOP_AT_SEQ", "-1"))  # -1: never
TAIL_BYTES = 8_000_000  # a line has less: an event has at most 1,000,000 bytes, escaped six


async def plain_fields(entry, original):
    """An event: its attributes as headers, its data as body, which FastStream decodes as JSON.

    FastStream's own parser looks for an envelope, finds none, and drops all fields but `data`.
    """
    message = await original(entry)  # which knows how to acknowledge
    message.headers = {name.decode(): text.decode() for name, text in entry["data"].items()}
    message.body = entry["data"].get(b"data", b"{}")
    message.content_type = "application/json"
    return message


def damaged(what, expected, found):
    advice = "begin with a new file and another group"
    print(f"{what}: expected {expected}, found {found or 'nothing'}; {advice}", file=sys.stderr)
    sys.exit(3)


def last_of(file):
    """The file's last event; half a line, as a crash leaves it, is cut off."""
    file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
    *lines, half = file.read().split(b"\n")
    file.truncate(file.tell() - len(half))
    return json.loads(lines[-1]) if lines else {"seq": "0", "position": "0-0", "id": ""}


async def messages(broker, redis):
    """What we were given and did not acknowledge, as after a kill; then what is new."""
    given = broker.subscriber(stream=StreamSub(WIRE, group=GROUP, consumer=NAME, last_id="0"))
    await given.start()  # creates the group, at 0; with ">" it would be created at $
    while await redis.xpending_range(WIRE, GROUP, "-", "+", 1, NAME):
        yield await given.get_one()
    new = broker.subscriber(stream=StreamSub(WIRE, group=GROUP, consumer=NAME, last_id=">"))
    await new.start()
    async for message in new:
        yield message


async def follow(broker, file):
    last = last_of(file)
    seq = int(last["seq"])
    redis = await broker.connect()
    entries = await redis.xrange(WIRE, last["position"], last["position"])
    found = "".join(event[b"id"].decode() for _, event in entries)
    if found != last["id"]:
        damaged("the log was trimmed or replaced", f"event {last['id']}", found)
    if seq == STOP_AT_SEQ:
        return
    async for message in messages(broker, redis):
        came = int(message.headers.get("seq", 0))  # no fields: removed after it was given to us
        if not 0 < came <= seq + 1:
            damaged("events are missing", f"seq {seq + 1}", came)
        if came > seq:  # else it is a repetition: written, and not acknowledged
            position = message.raw_message["message_ids"][0].decode()
            file.write(json.dumps({**message.headers, "position": position}).encode() + b"\n")
            file.flush()
            seq = came
        await message.ack()
        if seq == STOP_AT_SEQ:
            break


async def main(file):
    async with RedisBroker(URL, parser=plain_fields, logger=None) as broker:
        await follow(broker, file)


asyncio.run(main(Path(sys.argv[1] if sys.argv[1:] else "wire.ndjson").open("ab+")))
