// What the inbox costs: opening it where there are 1,000 conversations and where there are 100,000, and how soon a message is
// on an open dashboard. Times are medians in milliseconds by the Worker's own door; rows are what the database says it read.
// What is slower than was promised makes it end as a failure, once everything is told.

import { readFileSync } from "node:fs";
import { Browser, business, mintId, start, Visitor } from "../workerd/harness.mjs";

const ROUNDS = 25;
/** What a visitor may write in a minute, but for the first word. */
const MESSAGES = 11;
/** Real conversations, the newest ones: more than a page shows. */
const REAL = 60;
/** What opening the large inbox may cost, as a multiple of the small one. */
const MOST_RATIO = 1.5;
/** Milliseconds in which half of all messages are on the other side. */
const MOST_MS = 100;

const house = business({ site: { answerers: ["builtin"] } });
const deployment = await start({ businesses: [house] });
const manager = new Browser(deployment);
await manager.call("GET", "/dev/sign-in");
await manager.ask("GET", "/v1/admin/session");
const path = `/v1/admin/businesses/${house.business.id}`;
const { SHARD_0: shard } = await deployment.env();

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const timed = async (act) => {
  const began = performance.now();
  await act();
  return performance.now() - began;
};

/** The statements as they stand in the store, to ask the database what they read. */
const source = readFileSync(new URL("../../edge/src/store/inbox.rs", import.meta.url), "utf8");
const statement = (name) => source.match(new RegExp(`pub const ${name}: &str = "\\n([\\s\\S]*?)";`))[1];

async function rowsRead() {
  const id = house.business.id;
  const list = [id, "open", 2 ** 52, "", 51, null, null, null, null, null, 0, 0, "acc_nobody"];
  const read = async (name, values) => (await shard.prepare(statement(name)).bind(...values).all()).meta.rows_read;
  return { list: await read("CANDIDATES_OF_WORK", list), counts: await read("COUNTS", [id, "acc_nobody", 100, 1_000]) };
}

/** Fills up to `count` conversations: copies of a real one, older than every real one. */
async function fill(from, count) {
  const columns = "business, site, visitor, state, locale, key_slab, key_slot, created_at, requested_at, closed_at";
  for (let at = from; at < count; at += 5_000) {
    await shard
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT ?2 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?3)
         INSERT INTO conversation (id, last_message_at, ${columns})
         SELECT printf('cnv_0%025d', i), created_at - 1000000 - i, ${columns} FROM n, (SELECT * FROM conversation WHERE id = ?1)`,
      )
      .bind(first.conversation, at, Math.min(at + 5_000, count))
      .run();
  }
}

const first = new Visitor(deployment, house.site.id, "203.0.113.1");
for (let count = 0; count < REAL; count++) {
  const visitor = count ? new Visitor(deployment, house.site.id, `203.0.113.${count + 1}`) : first;
  await visitor.write(`Could we have a quieter room, please? This is wish ${count}.`);
  await deployment.call("POST", `/v1/widget/conversations/${visitor.conversation}/person`, visitor.token);
}

const rows = [];
for (const [from, count] of [[0, 1_000], [1_000, 100_000]]) {
  await fill(from, count - REAL);
  const list = [];
  const counts = [];
  for (let round = 0; round < ROUNDS; round++) {
    list.push(await timed(() => manager.ask("GET", `${path}/conversations?work=open`)));
    counts.push(await timed(() => manager.ask("GET", `${path}/conversations/counts`)));
  }
  const read = await rowsRead();
  rows.push({ conversations: count, "list ms": median(list), "counts ms": median(counts), "list rows": read.list, "counts rows": read.counts });
}
// Whoever opens the inbox asks for both.
for (const row of rows) row["opening ms"] = row["list ms"] + row["counts ms"];
const [small, large] = rows;
const times = ["list ms", "counts ms", "opening ms"];
const ratio = Object.fromEntries(times.map((name) => [name, large[name] / small[name]]));
rows.push({ conversations: "ratio", ...ratio });
console.table(rows.map((row) => ({ ...row, ...Object.fromEntries(times.map((name) => [name, row[name].toFixed(2)])) })));

/** Resolves with the next message of an origin that a socket hears. */
const heard = (socket, origin) =>
  new Promise((resolve) => {
    const listen = ({ data }) => {
      const { Message } = JSON.parse(data);
      if ((Message?.message ?? Message)?.origin !== origin) return;
      socket.removeEventListener("message", listen);
      resolve();
    };
    socket.addEventListener("message", listen);
  });

const thread = `${path}/conversations/${first.conversation}`;
const { ticket } = await manager.ask("POST", `${thread}/tickets`);
const protocol = `loquet.v1, ${ticket}`;
const answer = await deployment.fetch(`${thread}/live`, { headers: { upgrade: "websocket", "sec-websocket-protocol": protocol } });
const desk = answer.webSocket;
desk.accept();
desk.send(JSON.stringify({ Resume: { after: 0 } }));
await manager.ask("POST", `${thread}/take`, {});
// The first ticket is older than the seeding took.
first.ticket = undefined;
const page = await first.join();

const [there, back] = [[], []];
for (let count = 0; count < MESSAGES; count++) {
  let arrived = heard(desk, "visitor");
  there.push(await timed(async () => void (await first.write(`One more thing, number ${count}.`), await arrived)));
  arrived = heard(page, "human");
  const reply = { draft: mintId("drf"), text: `Noted, ${count}.` };
  back.push(await timed(async () => void (await manager.ask("POST", `${thread}/replies`, reply), await arrived)));
}
const ways = [
  { way: "visitor to dashboard", "median ms": median(there) },
  { way: "dashboard to visitor", "median ms": median(back) },
];
console.table(ways.map((row) => ({ ...row, "median ms": row["median ms"].toFixed(1) })));
await deployment.close();

const slow = [
  ...["list ms", "opening ms"]
    .filter((name) => ratio[name] > MOST_RATIO)
    .map((name) => `${name} of 100,000 conversations is ${ratio[name].toFixed(2)} times that of 1,000; ${MOST_RATIO} was promised`),
  ...ways
    .filter((row) => row["median ms"] >= MOST_MS)
    .map((row) => `${row.way} takes ${row["median ms"].toFixed(1)} ms; less than ${MOST_MS} was promised`),
];
for (const line of slow) console.error(line);
if (slow.length) process.exitCode = 1;
