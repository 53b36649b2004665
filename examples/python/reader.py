"""Appends every event of the newswire's public stream to a file, once and in order."""

import json
import os
import sys
from pathlib import Path

from redis import Redis

WIRE = "{newswire}:wire"
URL = os.environ.get("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
STOP_AT_SEQ = int(os.environ.get("READER_STOP_AT_SEQ", "-1"))  # -1: never
TAIL_BYTES = 8_000_000  # a line has less: an event has at most 1,000,000 bytes, escaped six


def damaged(what, expected, found):
    print(f"{what}: expected {expected}, found {found}; begin with a new file", file=sys.stderr)
    sys.exit(3)


# The file's last line says how far we are; half a line, as a crash leaves it, is cut off.
file = Path(sys.argv[1] if sys.argv[1:] else "wire.ndjson").open("ab+")
file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
*lines, half = file.read().split(b"\n")
file.truncate(file.tell() - len(half))
last = json.loads(lines[-1]) if lines else {"seq": "0", "position": "0-0"}

redis = Redis.from_url(URL, decode_responses=True)
found = [event["id"] for _, event in redis.xrange(WIRE, last["position"], last["position"])]
if lines and found != [last["id"]]:
    damaged("the log was trimmed or replaced", f"event {last['id']}", *(found or ["nothing"]))

while int(last["seq"]) != STOP_AT_SEQ:
    for _, entries in redis.xread({WIRE: last["position"]}, count=100, block=2000):
        for position, event in entries:
            if int(event["seq"]) != int(last["seq"]) + 1:
                damaged("events are missing", f"seq {int(last['seq']) + 1}", event["seq"])
            last = {**event, "position": position}
            file.write(json.dumps(last).encode() + b"\n")
            file.flush()
            if int(last["seq"]) == STOP_AT_SEQ:
                break
