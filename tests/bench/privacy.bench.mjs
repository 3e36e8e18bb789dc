// What the privacy engine costs whoever pays for it: rows that D1 reads and writes, by its own count, and operations on the two
// buckets. A purge of 10,000 due messages among 100,000 and among a million, a run with nothing due, the destruction of 1,000 of
// 100,000 keys, and a conversation that goes as a whole. Times are the host's to tell (`tests/benches/privacy.rs`).

import { start, business, Visitor } from "../workerd/harness.mjs";

const DAY = 86_400_000;
const DUE = 10_000;
const PER_CONVERSATION = 100;
const SMALL = 100_000;
/** Filling the small shard may take so long; where it takes longer, the large one is filled to a tenth, and that is said. */
const PATIENCE_MS = 120_000;
/** A shard ten times as large may cost so many times the rows. */
const MOST = 1.5;
/** Keys of a slab. */
const SLOTS = 512;
/** Real slabs, and conversations that one lease of an isolate serves. */
const [SLABS, LEASE] = [4, 8];
const [KEYS, CONDEMNED] = [100_000, 1_000];
/** Events after which everything that was due must be gone. */
const EVENTS = 40;

const HOURLY = "17 * * * *";
const OFTEN = "*/5 * * * *";

/** A deployment with one business, and what its bench needs to know of it. */
async function opened() {
  const house = business({ site: { answerers: ["builtin"] } });
  const deployment = await start({ businesses: [house] });
  const { SHARD_0: shard } = await deployment.env();
  const spent = () => deployment.call("GET", "/dev/spent");
  await spent();
  const event = (cron, time) => deployment.worker.scheduled({ cron, scheduledTime: new Date(time) });
  return { house, deployment, shard, spent, event };
}

const minus = (one, other) => Object.fromEntries(Object.keys(one).map((name) => [name, one[name] - other[name]]));

/** What something costs in rows and operations. A worker that counts nothing would make every figure a lie. */
async function cost({ spent }, act) {
  const before = await spent();
  await act();
  const paid = minus(await spent(), before);
  if (paid.statements === 0 || paid.rows_read === 0) throw new Error("the Worker did not count what it asked for");
  return paid;
}

const one = async (shard, sql) => (await shard.prepare(sql).first()).n;

/** Drops triggers that stand in the way of rows which are made up; those of deletions stay, since they cost, too. */
async function triggersDrop(shard, table) {
  const { results } = await shard.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE ?1").bind(`%INSERT ON ${table}\n%`).all();
  for (const { name } of results) await shard.prepare(`DROP TRIGGER "${name}"`).run();
}

/** Fills a shard with messages, of which `DUE` are due, in conversations that go on. */
async function fill({ shard, house }, messages, now) {
  for (const table of ["message", "conversation", "visitor"]) await triggersDrop(shard, table);
  const [biz, site] = [house.business.id, house.site.id];
  const conversations = messages / PER_CONVERSATION;
  const oldEach = DUE / conversations;
  const [old, fresh] = [now - 400 * DAY, now - DAY];
  const numbers = "WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)";
  const run = (sql, from, to, ...values) => shard.prepare(`${numbers} ${sql}`).bind(from, to, ...values).run();
  await run(
    `INSERT INTO key_slab (slab, business, family, next_slot, closed, created_at)
     SELECT printf('slb_0%025d', i), ?3, 'c', 512, 1, ?4 FROM n`,
    0, Math.ceil(conversations / SLOTS), biz, now,
  );
  for (let from = 0; from < conversations; from += 1_000) {
    const to = Math.min(from + 1_000, conversations);
    await run(
      `INSERT INTO visitor (id, business, site, locale, browser, created_at, last_seen_at)
       SELECT printf('vis_0%025d', i), ?3, ?4, 'en', '', 0, 0 FROM n`,
      from, to, biz, site,
    );
    await run(
      `INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at)
       SELECT printf('slb_0%025d', i / 512), i % 512, ?3, 'conversation', printf('cnv_0%025d', i), zeroblob(16), ?4 FROM n`,
      from, to, biz, now,
    );
    await run(
      `INSERT INTO conversation (id, business, site, visitor, state, locale, key_slab, key_slot, created_at, last_message_at)
       SELECT printf('cnv_0%025d', i), ?3, ?4, printf('vis_0%025d', i), 'ai', 'en', printf('slb_0%025d', i / 512), i % 512, 0, ?5 FROM n`,
      from, to, biz, site, fresh,
    );
  }
  for (let from = 0; from < messages; from += 10_000) {
    await run(
      `INSERT INTO message (id, business, conversation, sequence, origin, created_at, slab, slot, body)
       SELECT printf('msg_0%025d', i), ?3, printf('cnv_0%025d', i / ?4), i % ?4 + 1, 'visitor',
              CASE WHEN i % ?4 < ?5 THEN ?6 + i % ?4 ELSE ?7 END,
              printf('slb_0%025d', i / ?4 / 512), i / ?4 % 512, zeroblob(175) FROM n`,
      from, Math.min(from + 10_000, messages), biz, PER_CONVERSATION, oldEach, old, fresh,
    );
  }
}

const rows = [];
const told = (what, paid, more = {}) =>
  rows.push({
    what,
    statements: paid.statements,
    "rows read": paid.rows_read,
    "rows written": paid.rows_written,
    "bucket operations": paid.bucket_operations,
    ...more,
  });

/** The purge of what is due among so many messages. What it costs, and how long filling took. */
async function purge(messages) {
  const bench = await opened();
  const now = Date.now();
  const began = performance.now();
  await fill(bench, messages, now);
  const filled = performance.now() - began;
  const { shard, event } = bench;
  // Before anything is due: a year and a day earlier.
  const idle = await cost(bench, () => event(HOURLY, now - 366 * DAY));
  const left = () => one(shard, `SELECT count(*) AS n FROM message WHERE created_at < ${now - 300 * DAY}`);
  let events = 1;
  const due = await cost(bench, async () => {
    await event(HOURLY, now);
    // What one invocation does not come to, the next events do.
    for (; (await left()) > 0; events++) {
      if (events > EVENTS) throw new Error("the purge does not come to an end");
      await event(OFTEN, now + events * 300_000);
    }
  });
  told(`purge of ${DUE} among ${messages}`, due, { events });
  told(`nothing due among ${messages}`, idle, { events: 1 });
  await bench.deployment.close();
  return { due, filled };
}

/** The destruction of some keys of real slabs, among many that live. */
async function destroy() {
  const bench = await opened();
  const { house, deployment, shard, event } = bench;
  // A lease serves eight conversations; then the slab is closed, and the next conversation mints another.
  for (let number = 0; number < SLABS * LEASE; number++) {
    const visitor = new Visitor(deployment, house.site.id, `203.0.113.${number + 1}`);
    await visitor.write("When is breakfast?");
    await shard.prepare("UPDATE key_slab SET closed = 1 WHERE family = 'c'").run();
  }
  const { results } = await shard.prepare("SELECT slab FROM key_slab WHERE family = 'c' ORDER BY slab").all();
  const slabs = results.map(({ slab }) => slab);
  const insert = (name, from, to, state) =>
    shard
      .prepare(
        `WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)
         INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at, state)
         SELECT ?3, i, ?4, 'conversation', printf('cnv_0%025d', ?5 + i), zeroblob(16), 0, ?6 FROM n`,
      )
      .bind(from, to, name, house.business.id, 1_000_000 + slabs.indexOf(name) * SLOTS, state)
      .run();
  // Every slot of a slab has its key in the bucket, whether a row names it or not.
  const each = CONDEMNED / slabs.length;
  for (const slab of slabs) {
    await insert(slab, SLOTS - each, SLOTS, 1);
    await insert(slab, LEASE, SLOTS - each, 0);
  }
  // Others only stand beside them: rows whose slabs nobody touches.
  for (let made = slabs.length * SLOTS, number = 0; made < KEYS; made += SLOTS, number++) {
    const slab = `slb_0${String(number).padStart(25, "0")}`;
    await shard.prepare("INSERT INTO key_slab (slab, business, family, next_slot, closed, created_at) VALUES (?1, ?2, 'c', 512, 1, 0)").bind(slab, house.business.id).run();
    slabs.push(slab);
    await insert(slab, 0, SLOTS, 0);
  }
  const keys = await one(shard, "SELECT count(*) AS n FROM seal_key WHERE owner_kind = 'conversation'");
  const condemned = () => one(shard, "SELECT count(*) AS n FROM seal_key WHERE state = 1");
  const wanted = await condemned();
  const now = Date.now();
  let events = 0;
  const paid = await cost(bench, async () => {
    for (; (await condemned()) > 0; events++) {
      if (events > EVENTS) throw new Error("the keys are not destroyed");
      await event(OFTEN, now + events * 300_000);
    }
  });
  told(`destruction of ${wanted} of ${keys} keys in ${SLABS} slabs`, paid, { events });
  await deployment.close();
}

/** One conversation with a file, erased at its visitor's request, to its receipt. */
async function erase() {
  const bench = await opened();
  const { house, deployment, shard, event } = bench;
  const visitor = new Visitor(deployment, house.site.id);
  await visitor.write("When is breakfast?");
  await visitor.answered();
  const uploaded = await deployment.fetch(`/v1/widget/conversations/${visitor.conversation}/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${visitor.token}`, "x-loquet-file-name": "a.txt" },
    body: "never sent",
  });
  if (uploaded.status !== 200) throw new Error(`upload: ${uploaded.status}`);
  // What an event costs that has nothing to do, so that the erasure's own share can be told.
  const idle = await cost(bench, () => event(OFTEN, Date.now()));
  const path = `/v1/privacy/conversations/${visitor.conversation}/requests`;
  let events = 0;
  const paid = await cost(bench, async () => {
    await deployment.call("POST", path, visitor.token, { kind: "erasure" });
    const open = () => one(shard, "SELECT count(*) AS n FROM erasure WHERE state NOT IN ('verified', 'receipted')");
    for (; (await open()) > 0; events++) {
      if (events > EVENTS) throw new Error("the erasure does not come to an end");
      await event(OFTEN, Date.now() + events * 300_000);
    }
  });
  told("erasure of a conversation, with its events", paid, { events });
  told("an event with nothing to do", idle, { events: 1 });
  await deployment.close();
}

const small = await purge(SMALL);
const isSlow = small.filled > PATIENCE_MS;
const large = isSlow ? SMALL / 10 : SMALL * 10;
if (isSlow) console.log(`filling ${SMALL} messages took ${Math.round(small.filled / 1_000)} s: instead of ${SMALL * 10}, ${large} are filled`);
const other = await purge(large);
await destroy();
await erase();

const price = ({ due }) => due.rows_read + due.rows_written;
const [more, less] = isSlow ? [small, other] : [other, small];
const ratio = price(more) / price(less);
console.table(rows);
console.log(`a shard ten times as large costs ${ratio.toFixed(2)} times the rows`);
if (!(ratio <= MOST)) {
  console.error(`more than ${MOST}: the purge follows what is there, and not what is due`);
  process.exitCode = 1;
}
