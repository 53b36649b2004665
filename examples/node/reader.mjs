// Appends every event of the newswire's public stream to a file, once and in order.
import { appendFileSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import Redis from "ioredis";

const WIRE = "{newswire}:wire";
const URL = process.env.NEWSWIRE_REDIS_URL ?? "redis://127.0.0.1:16379";
const GROUP = process.env.READER_GROUP ?? "example-node";
const NAME = process.env.READER_NAME ?? "reader-1";
const STOP_AT_SEQ = Number(process.env.READER_STOP_AT_SEQ ?? -1); // -1: never
const TAIL_BYTES = 2_000_000; // a line has less than half of it: an event has at most 1,000,000 bytes

function damaged(what, expected, found) {
  const advice = "begin anew with another file and another group";
  console.error(`${what}: expected ${expected}, found ${found || "nothing"}; ${advice}`);
  process.exit(3);
}

// Seq, position, id of the file's last event; half a line, as a crash leaves it, is cut off.
function lastPrinted(file) {
  const { size } = fstatSync(file);
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(file, tail, 0, tail.length, size - tail.length);
  const end = tail.lastIndexOf("\n");
  ftruncateSync(file, size - tail.length + end + 1);
  const columns = tail.toString("utf8", 0, Math.max(end, 0)).split("\n").at(-1).split("\t");
  return end < 0 ? [0, "", ""] : [Number(columns[0]), ...columns.slice(-2)];
}

function named(fields) {
  return Object.fromEntries(fields.flatMap((name, i) => (i % 2 ? [] : [[name, fields[i + 1]]])));
}

function line(position, event) {
  const { article, rate, reason } = JSON.parse(event.data);
  const pair = rate?.base && `${rate.base}/${rate.quote} ${rate.value}`; // text: the published digits
  const about = String(article?.headline ?? pair ?? reason ?? ""); // a type to come: its seq counts
  const printed = about.replace(/[\x00-\x1f\x7f]/g, " ");
  return [event.seq, event.type, event.subject, printed, position, event.id].join("\t") + "\n";
}

const file = openSync(process.argv[2] ?? "wire.tsv", "a+");
let [last, place, id] = lastPrinted(file);
// Never sent again: what a lost answer held would be skipped. Started again, it comes first.
const redis = new Redis(URL, { enableReadyCheck: false, retryStrategy: null }); // no right to INFO
const there = last ? await redis.xrange(WIRE, place, place) : [];
const found = there.map(([, fields]) => named(fields).id).join();
if (found !== id) damaged("the log was trimmed or replaced", `event ${id} at ${place}`, found);
await redis.xgroup("CREATE", WIRE, GROUP, "0", "MKSTREAM").catch((error) => {
  if (!error.message.startsWith("BUSYGROUP")) throw error; // it exists: go on where it stands
});

let since = "0"; // what we were given and did not acknowledge, as after a kill; then ">": what is new
while (last !== STOP_AT_SEQ) {
  const what = ["COUNT", 100, "BLOCK", 2000, "STREAMS", WIRE, since];
  const answer = await redis.xreadgroup("GROUP", GROUP, NAME, ...what);
  const entries = answer?.[0][1] ?? [];
  if (entries.length === 0) since = ">";
  for (const [position, fields] of entries) {
    const event = named(fields ?? []); // no fields: removed after it was given to us
    const seq = Number(event.seq ?? 0);
    const expected = `seq ${last + 1} at ${position}`;
    if (!(seq > 0 && seq <= last + 1)) damaged("events are missing", expected, seq);
    if (seq > last) { // else it is a repetition: printed, and not acknowledged
      appendFileSync(file, line(position, event));
      last = seq;
    }
    await redis.xack(WIRE, GROUP, position);
    if (last === STOP_AT_SEQ) break;
  }
}
redis.disconnect();
