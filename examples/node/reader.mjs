// Appends every event of the newswire's public stream to a file, once and in order.
import { appendFileSync, existsSync, readFileSync, truncateSync } from "node:fs";
import Redis from "ioredis";

const WIRE = "{newswire}:wire";
const URL = process.env.NEWSWIRE_REDIS_URL ?? "redis://127.0.0.1:16379";
const STOP_AT_SEQ = Number(process.env.READER_STOP_AT_SEQ ?? -1); // -1: never

function damaged(what, expected, found) {
  console.error(`${what}: expected ${expected}, found ${found}; begin with a new file`);
  process.exit(3);
}

// The file's last line says how far we are; half a line, as a crash leaves it, is cut off.
const file = process.argv[2] ?? "wire.ndjson";
const written = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
const end = written.lastIndexOf("\n") + 1;
if (end < written.length) truncateSync(file, end);
const begin = end < 2 ? 0 : written.lastIndexOf("\n", end - 2) + 1;
let last = end ? JSON.parse(written.toString("utf8", begin, end)) : { seq: "0", position: "0-0" };

const redis = new Redis(URL, { enableReadyCheck: false }); // it would ask for INFO: no right to it
const opened = ([position, fields]) => ({
  ...Object.fromEntries(fields.flatMap((name, n) => (n % 2 ? [] : [[name, fields[n + 1]]]))),
  position,
});
const [found] = (await redis.xrange(WIRE, last.position, last.position)).map(opened);
if (end && found?.id !== last.id)
  damaged("the log was trimmed or replaced", `event ${last.id}`, found?.id ?? "nothing");

while (Number(last.seq) !== STOP_AT_SEQ) {
  const read = ["COUNT", 100, "BLOCK", 2000, "STREAMS", WIRE, last.position];
  for (const event of ((await redis.xread(...read)) ?? [[WIRE, []]])[0][1].map(opened)) {
    const expected = Number(last.seq) + 1;
    if (Number(event.seq) !== expected) damaged("events are missing", `seq ${expected}`, event.seq);
    appendFileSync(file, `${JSON.stringify(event)}\n`);
    last = event;
    if (expected === STOP_AT_SEQ) break;
  }
}
redis.disconnect();
