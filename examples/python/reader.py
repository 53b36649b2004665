"""Appends every event of the newswire's public stream to a file, once and in order."""

import json
import os
import re
import sys
from pathlib import Path

from redis import Redis, ResponseError

WIRE = "{newswire}:wire"
URL = os.environ.get("NEWSWIRE_REDIS_URL", "redis://127.0.0.1:16379")
GROUP = os.environ.get("READER_GROUP", "example-python")
NAME = os.environ.get("READER_NAME", "reader-1")
STOP_AT_SEQ = int(os.environ.get("READER_STOP_AT_SEQ", "-1"))  # -1: never
TAIL_BYTES = 2_000_000  # a line has less than half of it: an event has at most 1,000,000 bytes


def damaged(what, expected, found):
    advice = "begin anew with another file and another group"
    print(f"{what}: expected {expected}, found {found or 'nothing'}; {advice}", file=sys.stderr)
    sys.exit(3)


def last_printed(file):
    """Seq, position, id of the file's last event; half a line, as a crash leaves it, is cut off."""
    begin = file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
    whole, newline, _ = file.read().rpartition(b"\n")
    file.truncate(begin + len(whole + newline))
    columns = whole.rpartition(b"\n")[2].decode().split("\t")
    return (int(columns[0]), *columns[-2:]) if newline else (0, "", "")


def line(position, event):
    match json.loads(event["data"]):
        case {"article": {"headline": str(about)}} | {"reason": str(about)}:
            pass
        case {"rate": {"base": base, "quote": quote, "value": value}}:
            about = f"{base}/{quote} {value}"  # text: the digits as they were published
        case _:
            about = ""  # a type to come: its seq counts
    about = re.sub(r"[\x00-\x1f\x7f]", " ", about)
    columns = (event["seq"], event["type"], event["subject"], about, position, event["id"])
    return ("\t".join(columns) + "\n").encode(errors="replace")


file = Path(sys.argv[1] if sys.argv[1:] else "wire.tsv").open("ab+")
last, position, event_id = last_printed(file)
# Never sent again: what a lost answer held would be skipped. Started again, it comes first.
redis = Redis.from_url(URL, decode_responses=True, retry=None)
found = "".join(event["id"] for _, event in redis.xrange(WIRE, position, position)) if last else ""
if found != event_id:
    damaged("the log was trimmed or replaced", f"event {event_id} at {position}", found)
try:
    redis.xgroup_create(WIRE, GROUP, "0", mkstream=True)
except ResponseError as error:
    if not str(error).startswith("BUSYGROUP"):  # it exists: go on where it stands
        raise

since = "0"  # what we were given and did not acknowledge, as after a kill; then ">": what is new
while last != STOP_AT_SEQ:
    answer = redis.xreadgroup(GROUP, NAME, {WIRE: since}, count=100, block=2000)
    entries = answer[0][1] if answer else []
    since = since if entries else ">"
    for position, event in entries:
        seq = int(event["seq"]) if event else 0  # no fields: removed after it was given to us
        if not 0 < seq <= last + 1:
            damaged("events are missing", f"seq {last + 1} at {position}", seq)
        if seq > last:  # else it is a repetition: printed, and not acknowledged
            file.write(line(position, event))
            file.flush()
            last = seq
        redis.xack(WIRE, GROUP, position)
        if last == STOP_AT_SEQ:
            break
