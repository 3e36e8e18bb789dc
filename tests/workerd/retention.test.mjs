// Time alone deletes: on the running deployment, with the clock moved by cron events, each class of rows is there one second
// before its limit and gone one second after. The host ring proves the same of the queries; here D1, R2 and `scheduled` do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { mintId, start, Visitor } from "./harness.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECOND = 1_000;

let deployment;
let env;
before(async () => {
  deployment = await start();
  env = await deployment.env();
});
after(() => deployment?.close());

/** A number of UTC calendar months later; a day that the month does not have becomes its last one. */
function months(at, count) {
  const from = new Date(at);
  const first = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return first.getTime() + (Math.min(from.getUTCDate(), days) - 1) * DAY + (from.getTime() % DAY);
}

/**
 * Rows of each class of `shared/rules/retention.rs`: the database, the table with its column of time, the row, and the limit
 * in milliseconds or `{ months }`. `?1` is the time (or the UTC day) that it is of; `$name` is filled in.
 */
const ROWS = [
  ["DIRECTORY", "sign_in_code", "created_at", "INSERT INTO sign_in_code (id, purpose, email_finder, nonce_hash, asker, created_at, expires_at) VALUES ('x', 'sign_in', '', '', '', ?1, ?1)", DAY],
  ["DIRECTORY", "passkey_challenge", "created_at", "INSERT INTO passkey_challenge (id, nonce_hash, created_at, expires_at) VALUES ('x', '', ?1, ?1)", DAY],
  ["DIRECTORY", "session", "created_at", "INSERT INTO session (id, hash, account, device, browser_hash, created_at, last_used_at, expires_at) VALUES ('x', 'x', '$account', '', '', ?1, 0, 0)", 90 * DAY],
  ["DIRECTORY", "audit", "action = 'sign_in' AND at", "INSERT INTO audit (id, account, action, subject_kind, subject, at) VALUES ('s', '$account', 'sign_in', '', '', ?1)", 90 * DAY],
  ["DIRECTORY", "invitation", "expires_at", "INSERT INTO invitation (id, business, email_finder, role, locale, invited_by, slab, slot, email, created_at, expires_at) VALUES ('x', '$business', '', 'viewer', 'en', '', '$directory_slab', 0, x'00', 0, ?1)", 30 * DAY],
  ["DIRECTORY", "email_change", "created_at", "INSERT INTO email_change (id, account, email_finder, slab, slot, email, created_at) VALUES ('x', '$account', '', '$directory_slab', 0, x'00', ?1)", 30 * DAY],
  ["DIRECTORY", "audit", "action = 'x' AND at", "INSERT INTO audit (id, account, action, subject_kind, subject, at) VALUES ('x', '$account', 'x', '', '', ?1)", { months: 24 }],
  ["DIRECTORY", "mail", "created_at", "INSERT INTO mail (id, kind, recipient_kind, recipient, state, due_at, created_at) VALUES ('x', 'new_device', 'account', '$account', 'sent', 0, ?1)", 30 * DAY],
  ["DIRECTORY", "mail_suppression", "at", "INSERT INTO mail_suppression (finder, reason, at) VALUES ('x', 'bounce', ?1)", 365 * DAY],
  ["DIRECTORY", "job_run", "job = 'x' AND started_at", "INSERT INTO job_run (id, job, cut_off, due_rows, objects, outcome, started_at, duration_ms) VALUES ('x', 'x', 0, 0, 0, 'done', ?1, 0)", { months: 24 }],
  ["DIRECTORY", "erasure", "receipted_at", "INSERT INTO erasure (id, subject_kind, subject, reason, state, subjects, requested_at, receipted_at) VALUES ('x', 'account', 'acc', 'request', 'receipted', '{}', 0, ?1)", { months: 24 }],
  ["DIRECTORY", "erasure_contact", "created_at", "INSERT INTO erasure_contact (erasure, account, locale, slab, slot, contact, created_at) VALUES ('x', '$account', 'en', '$directory_slab', 0, x'00', ?1)", 7 * DAY],
  ["DIRECTORY", "billing_record", "at", "INSERT INTO billing_record (id, business_ref, vendor, reference, amount_cents, currency, day, at, slab, slot, address) VALUES ('x', 'biz', 'none', 'x', 1, 'EUR', 0, ?1, '$directory_slab', 0, x'00')", { months: 84 }],
  ["DIRECTORY", "deletion", "asked_at", "INSERT INTO deletion (id, account, asked_at, due_at, cancelled_at) VALUES ('$deletion', '$account', ?1, ?1, ?1)", { months: 24 }],
  ["DIRECTORY", "alarm_day", "day", "INSERT INTO alarm_day (day, noted_at) VALUES (?1, 0)", { months: 24, isDay: true }],
  ["DIRECTORY", "use_day", "day", "INSERT INTO use_day (day, name, count) VALUES (?1, 'page_team', 9)", { months: 24, isDay: true }],
  ["DIRECTORY", "seal_key", "destroyed_at", "INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at, state, destroyed_at) VALUES ('$directory_slab', 9, '_accounts', 'account', 'gone', x'00000000000000000000000000000000', 0, 2, ?1)", 31 * DAY],
  ["SHARD_0", "consent_event", "visitor = 'gone' AND created_at", "INSERT INTO consent_event (id, business, site, visitor, purpose, choice, way, version, text_hash, locale, created_at) VALUES ('x', '$business', '$site', 'gone', 'statistics', 'declined', 'strip', 1, '', 'en', ?1)", { months: 12 }],
  ["SHARD_0", "consent_words", "hash = 'gone' AND created_at", "INSERT INTO consent_words (business, hash, words, created_at) VALUES ('$business', 'gone', 'w', ?1)", { months: 12 }],
  ["SHARD_0", "conversation_token", "hash = 'x' AND last_used_at", "INSERT INTO conversation_token (hash, business, conversation, created_at, last_used_at) VALUES ('x', '$business', '$kept', 0, ?1)", 12 * HOUR],
  ["SHARD_0", "visit_day", "day", "INSERT INTO visit_day (business, site, day, locale, browser, visits) VALUES ('$business', '$site', ?1, 'en', '', 9)", { months: 24, isDay: true }],
  ["SHARD_0", "ai_day", "day", "INSERT INTO ai_day (business, site, day, calls, tokens) VALUES ('$business', '$site', ?1, 1, 1)", { months: 24, isDay: true }],
  ["SHARD_0", "conversation_numbers", "conversation = '$kept' AND day", null, { months: 24, isDay: true }],
  ["SHARD_0", "ai_use", "conversation = '$kept' AND day", "INSERT INTO ai_use (conversation, day, provider, model, business, site, calls, tokens_in, tokens_out) VALUES ('$kept', ?1, 'p', 'm', '$business', '$site', 1, 1, 1)", { months: 24, isDay: true }],
  ["SHARD_0", "numbers_day", "measure = 'conversations' AND count = 99 AND day", "INSERT INTO numbers_day (business, site, day, measure, count) VALUES ('$business', '$site', ?1, 'conversations', 99)", { months: 24, isDay: true }],
  ["SHARD_0", "numbers_ai_day", "provider = 'q' AND day", "INSERT INTO numbers_ai_day (business, site, day, provider, model, conversations, calls, tokens_in, tokens_out) VALUES ('$business', '$site', ?1, 'q', 'm', 9, 9, 9, 9)", { months: 24, isDay: true }],
  ["SHARD_0", "erasure", "id = 'x' AND receipted_at", "INSERT INTO erasure (id, business, subject_kind, subject, reason, state, requested_at, receipted_at) VALUES ('x', '$business', 'visitor', 'vis', 'request', 'receipted', 0, ?1)", { months: 24 }],
  ["SHARD_0", "seal_key", "owner = 'gone' AND destroyed_at", "INSERT INTO seal_key (slab, slot, business, owner_kind, owner, commit16, created_at, state, destroyed_at) VALUES ('$slab', 509, '$business', 'conversation', 'gone', x'00000000000000000000000000000000', 0, 2, ?1)", 31 * DAY],
  ["SHARD_0", "privacy_request", "settled_at", "INSERT INTO privacy_request (id, business, kind, way, state, asked_at, due_at, settled_at) VALUES ('$request', '$business', 'access', 'mail', 'met', ?1, ?1, ?1)", { months: 24 }],
  ["SHARD_0", "privacy_code", "expires_at", "INSERT INTO privacy_code (hash, business, conversation, kind, created_at, expires_at) VALUES ('x', '$business', '$kept', 'resume', 0, ?1)", 0],
  ["SHARD_0", "webhook_delivery", "created_at", "INSERT INTO webhook_delivery (event, webhook, business, kind, state, due_at, created_at) VALUES ('x', 'x', '$business', 'test', 'delivered', 0, ?1)", 30 * DAY],
];

const count = async (binding, table, where) =>
  (await env[binding].prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).first()).n;

/** Both triggers, as of a time: what the hourly one begins, the other one ends. */
async function at(time) {
  for (const cron of ["17 * * * *", "*/5 * * * *"]) {
    await deployment.worker.scheduled({ cron, scheduledTime: new Date(time) });
  }
}

test("P4.1 P4.2 P4.3 P4.4 P4.5: each class is there a second before its limit and gone a second after", async () => {
  // One conversation goes by its time; the other is held still, so that what is counted of it meets its own limit.
  const [goes, kept] = [new Visitor(deployment), new Visitor(deployment)];
  for (const visitor of [goes, kept]) {
    await visitor.write("When is breakfast?");
    await visitor.answered();
  }
  const uploaded = await deployment.fetch(`/v1/widget/conversations/${goes.conversation}/files`, {
    method: "POST",
    headers: { authorization: `Bearer ${goes.token}`, "x-loquet-file-name": "a.txt" },
    body: "never sent",
  });
  assert.equal(uploaded.status, 200);
  const first = (binding, sql) => env[binding].prepare(sql).first();
  const { site, business } = await first("SHARD_0", `SELECT site, business FROM conversation WHERE id = '${kept.conversation}'`);
  const values = {
    site, business, kept: kept.conversation,
    slab: (await first("SHARD_0", "SELECT slab FROM key_slab LIMIT 1")).slab,
    directory_slab: mintId("slb"), account: mintId("acc"), deletion: mintId("del"), request: mintId("req"),
  };
  const filled = (sql) => sql.replace(/\$([a-z_]+)/g, (_, name) => values[name]);

  // Rows are made as they are; what guards real ones against a missing key is another test's.
  for (const binding of ["DIRECTORY", "SHARD_0"]) {
    const { results } = await env[binding].prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const { name } of results) await env[binding].prepare(`DROP TRIGGER "${name}"`).run();
  }
  await env.SHARD_0.prepare(`UPDATE conversation SET restricted_at = 1 WHERE id = '${kept.conversation}'`).run();
  await env.DIRECTORY.prepare(filled("INSERT INTO key_slab (slab, business, family, closed, created_at) VALUES ('$directory_slab', '_accounts', 'u', 1, 0)")).run();
  await env.DIRECTORY.prepare(filled("INSERT INTO account (id, state, locale, email_finder, slab, slot, name, email, created_at) VALUES ('$account', 'active', 'en', 'x', '$directory_slab', 0, x'00', x'00', 0)")).run();

  const said = await first("SHARD_0", `SELECT max(created_at) AS at FROM message WHERE conversation = '${goes.conversation}'`);
  const file = await first("SHARD_0", "SELECT created_at AS at FROM file");
  const made = said.at + HOUR;
  const today = Math.floor(made / DAY);
  const classes = [
    { binding: "SHARD_0", table: "message", where: `conversation = '${goes.conversation}'`, due: months(said.at, 12) },
    { binding: "SHARD_0", table: "conversation", where: `id = '${goes.conversation}'`, due: months(said.at, 12) },
    { binding: "SHARD_0", table: "file", where: "1 = 1", due: file.at + DAY },
    // A day's key goes when its first address is thirty days old.
    { binding: "SHARD_0", table: "visitor_address", where: "1 = 1", due: (Math.floor(said.at / DAY) + 30) * DAY },
  ];
  for (const [binding, table, column, sql, limit] of ROWS) {
    const time = limit.isDay ? Math.floor((sql ? made : said.at) / DAY) : made;
    if (sql) await env[binding].prepare(filled(sql)).bind(time).run();
    const from = limit.isDay ? time * DAY : made;
    const due = limit.months ? months(from, limit.months) : made + limit;
    classes.push({ binding, table, where: `${filled(column)} = ${time}`, due });
  }
  assert.ok(today > 0 && classes.length > 30);

  const times = [...new Set(classes.map(({ due }) => due))].sort((one, other) => one - other);
  for (const due of times) {
    const group = classes.filter((one) => one.due === due);
    await at(due - SECOND);
    for (const { binding, table, where } of group) {
      assert.ok((await count(binding, table, where)) > 0, `${binding}.${table} (${where}) is gone too early`);
    }
    await at(due + SECOND);
    for (const { binding, table, where } of group) {
      assert.equal(await count(binding, table, where), 0, `${binding}.${table} (${where}) is kept too long`);
    }
  }
  const { objects } = await env.FILES.list({ prefix: "f/" });
  assert.deepEqual(objects, [], "what was never sent is gone from the bucket too");
  const failed = await env.DIRECTORY.prepare("SELECT job, class FROM job_run WHERE outcome = 'failed'").all();
  assert.deepEqual(failed.results, [], "no run failed on the way");
});
