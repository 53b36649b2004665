// Prints every event of the newswire's public stream, once and in order; ends at the first gap.
import Redis from "ioredis";

const [wire, group, me] = ["{newswire}:wire", process.env.GROUP ?? "example-node", "reader-1"];
const redis = new Redis(process.env.REDIS_URL ?? "redis://127.0.0.1:16379", { enableReadyCheck: false }); // no INFO
await redis.xgroup("CREATE", wire, group, "0", "MKSTREAM").catch((error) => {
  if (!error.message.startsWith("BUSYGROUP")) throw error; // the group exists: go on where it stands
});
const event = (fields) => Object.fromEntries(fields.flatMap((name, i) => (i % 2 ? [] : [[name, fields[i + 1]]])));
const seqBefore = async (id) => Number((await redis.xrevrange(wire, `(${id}`, "-", "COUNT", 1)).map((e) => event(e[1]).seq)[0] ?? 0);

let from = "0"; // what this consumer was given and did not acknowledge, as after a kill; then ">": what is new
for (let seq; ; ) {
  const answer = await redis.xreadgroup("GROUP", group, me, "COUNT", 100, "BLOCK", 5000, "STREAMS", wire, from);
  const entries = answer?.[0][1] ?? [];
  if (entries.length === 0) from = ">";
  for (const [id, fields] of entries) {
    const { type, subject, data, ...said } = event(fields ?? []);
    seq = (seq ?? (await seqBefore(id))) + 1;
    if (Number(said.seq) !== seq) throw new Error(`events are missing: expected seq ${seq}, found ${said.seq} at ${id}`);
    const { article, rate, reason } = JSON.parse(data);
    console.log(seq, type, subject, article?.headline ?? (rate ? `${rate.base}/${rate.quote} ${rate.value}` : reason));
    await redis.xack(wire, group, id);
  }
}
