// Mail where it is real: a queue that delivers, a cron that sweeps, a vendor at the end of a call, ENV=production.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { mintId, start, until } from "./harness.mjs";
import { ResendFake } from "./resend-fake.mjs";

const ORIGIN = "https://resend.example";
const SECRET = `whsec_${randomBytes(24).toString("base64")}`;
const FROM = "Loquet <mail@chat.example.eu>";

let deployment;
let resend;
let uninstall;
before(async () => {
  resend = new ResendFake(ORIGIN, "re_test");
  uninstall = resend.install();
  deployment = await start({
    vars: {
      ENV: "production", PUBLIC_ORIGIN: "https://chat.example.eu", SIGN_UP: "open", RESEND_API_KEY: "re_test",
      RESEND_BASE_URL: ORIGIN, RESEND_WEBHOOK_SECRET: SECRET, MAIL_FROM: FROM,
    },
    businesses: [],
  });
});
after(async () => {
  await deployment?.close();
  uninstall?.();
});

/** Calls the webhook as the vendor does, signed by the scheme's own library. */
function tell(body, { id = `msg_${randomBytes(8).toString("hex")}`, at = new Date(), secret = SECRET, sent = body } = {}) {
  const text = JSON.stringify(body);
  return deployment.fetch("/hooks/resend", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "svix-id": id,
      "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
      "svix-signature": new Webhook(secret).sign(id, at, text),
    },
    body: JSON.stringify(sent),
  });
}

const event = (type, to, data = {}, at = new Date()) => ({
  type,
  created_at: at.toISOString(),
  data: { created_at: at.toISOString(), email_id: "56761188-7520-42d8-8898-ff6fc54ce618", from: FROM, to: [to], subject: "s", ...data },
});
const hard = { bounce: { message: "gone", subType: "Suppressed", type: "Permanent" } };

async function suppressions() {
  const { DIRECTORY } = await deployment.env();
  return (await DIRECTORY.prepare("SELECT finder, reason, at, lifted_at FROM mail_suppression ORDER BY at").all()).results;
}

test("a webhook that the vendor's library signed is taken, and told twice it is told once", async () => {
  const at = new Date();
  const bounce = event("email.bounced", "Gone@Example.org", hard, at);
  for (let times = 0; times < 2; times++) assert.equal((await tell(bounce, { id: "msg_1", at })).status, 204);
  const [row, ...more] = await suppressions();
  assert.deepEqual(more, []);
  assert.match(row.finder, /^[0-9a-f]{32}$/);
  assert.deepEqual([row.reason, row.at], ["bounce", at.getTime()]);
  assert.equal((await tell(event("email.complained", "gone@example.org"))).status, 204);
  assert.equal((await suppressions())[0].reason, "complaint", "the same address in another writing, and a later event");
});

test("what is about nothing that matters is taken and changes nothing", async () => {
  const before = await suppressions();
  const soft = { bounce: { message: "full", subType: "MailboxFull", type: "Transient" } };
  for (const body of [event("email.delivered", "a@example.org"), event("email.bounced", "a@example.org", soft), event("domain.created", "a@example.org")]) {
    assert.equal((await tell(body)).status, 204);
  }
  assert.deepEqual(await suppressions(), before);
});

test("a forged, foreign, stale, changed or unsigned webhook is refused", async () => {
  const before = await suppressions();
  const bounce = event("email.bounced", "victim@example.org", hard);
  const foreign = `whsec_${randomBytes(24).toString("base64")}`;
  const minute = 60_000;
  const refused = [
    await tell(bounce, { secret: foreign }),
    await tell(bounce, { at: new Date(Date.now() - 6 * minute) }),
    await tell(bounce, { at: new Date(Date.now() + 6 * minute) }),
    await tell(event("email.delivered", "a@example.org"), { sent: bounce }),
    await deployment.fetch("/hooks/resend", { method: "POST", body: JSON.stringify(bounce) }),
  ];
  for (const answer of refused) {
    assert.equal(answer.status, 401);
    assert.match((await answer.json()).type, /signature-refused$/);
  }
  assert.deepEqual(await suppressions(), before);
  assert.equal((await tell({ no: "event" })).status, 400, "signed, and still nonsense");
});

/** A mail to an account that is gone: whoever takes it up finds nobody, and says so in the row. */
async function orphan() {
  const { DIRECTORY } = await deployment.env();
  const id = mintId("mai");
  const insert = "INSERT INTO mail (id, kind, recipient_kind, recipient, about, due_at, created_at) VALUES (?, 'new_device', 'account', ?, ?, ?, ?)";
  await DIRECTORY.prepare(insert).bind(id, mintId("acc"), mintId("ses"), Date.now(), Date.now()).run();
  return id;
}

async function state(id) {
  const { DIRECTORY } = await deployment.env();
  return (await DIRECTORY.prepare("SELECT state FROM mail WHERE id = ?").bind(id).first()).state;
}

test("a message of the queue is taken up, and one that says nothing known holds nobody up", async () => {
  const { OUTBOUND } = await deployment.env();
  const id = await orphan();
  await OUTBOUND.send("nonsense", { contentType: "text" });
  await OUTBOUND.send({ not: "text" }, { contentType: "json" });
  await OUTBOUND.send(JSON.stringify({ database: "directory", id }), { contentType: "text" });
  await until(async () => (await state(id)) === "lapsed", "the mail to be looked at");
});

test("what no message woke, a cron sweeps", async () => {
  const id = await orphan();
  assert.equal(await state(id), "queued");
  await deployment.worker.scheduled({ cron: "*/5 * * * *", scheduledTime: new Date() });
  await until(async () => (await state(id)) === "lapsed", "the mail to be swept");
});
