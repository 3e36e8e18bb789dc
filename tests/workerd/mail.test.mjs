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

/** Somebody at the dashboard, as far as the doors go. */
class Person {
  cookies = new Map();

  constructor(email, address) {
    this.email = email;
    this.address = address;
  }

  async send(method, path, body) {
    const answer = await deployment.fetch(path, {
      method,
      headers: {
        "sec-fetch-site": "same-origin",
        "cf-connecting-ip": this.address,
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      },
      body: body && JSON.stringify(body),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      this.cookies.set(name, value);
    }
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  async signUp() {
    const { terms, dpa } = await this.send("GET", "/v1/admin/door");
    const agreement = { terms_hash: terms.hash, dpa_hash: dpa.hash };
    const form = { name: "Ada Lovelace", email: this.email, business: "Hotel Ada", kind: "hotel", locale: "de", agreement };
    return this.send("POST", "/v1/admin/sign-up", form);
  }

  /** The mails that the vendor took for them. */
  get mails() {
    return resend.mails.filter(({ body }) => body.to.includes(this.email));
  }

  /** Waits for the first mail; a try that failed comes back within a quarter of a minute. */
  mail() {
    return until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return this.mails[0];
    }, `a mail to ${this.email}`);
  }
}

/** The line of a mail that is six digits and nothing else. */
const digits = ({ body }) => /^\d{6}$/m.exec(body.text)[0];

test("P5.4: whoever signs up gets the code from the vendor, and it opens the account", async () => {
  const ada = new Person("ada@hotel.example", "203.0.113.1");
  const { code } = await ada.signUp();
  const mail = await ada.mail();
  assert.deepEqual(Object.keys(mail.body).sort(), ["from", "headers", "html", "subject", "text", "to"]);
  assert.equal(mail.body.from, FROM);
  assert.deepEqual(mail.body.to, [ada.email]);
  assert.equal(mail.body.subject, `${digits(mail)} ist Ihr Loquet-Code`);
  assert.ok(mail.body.html.includes(`<p class="code">${digits(mail)}</p>`));
  assert.match(mail.key, /^mai_/);
  const { csrf } = await ada.send("POST", "/v1/admin/sign-in/code", { code, digits: digits(mail) });
  assert.ok(csrf);
  const { DIRECTORY } = await deployment.env();
  const row = await DIRECTORY.prepare("SELECT state, tries, vendor_id FROM mail WHERE id = ?").bind(mail.key).first();
  assert.deepEqual(row, { state: "sent", tries: 1, vendor_id: mail.id });
});

test("what the vendor refuses for now is sent a little later, once, under the same key and in the same words", async () => {
  const people = ["limited", "broken", "lost"].map((name, n) => new Person(`${name}@hotel.example`, `203.0.113.${10 + n}`));
  const troubles = [
    { status: 429, name: "rate_limit_exceeded", headers: { "retry-after": "1" } },
    { status: 500, name: "internal_server_error" },
    { status: 500, name: "internal_server_error", taken: true },
  ];
  for (const [n, person] of people.entries()) {
    const before = resend.calls.length;
    resend.troubles.push(troubles[n]);
    await person.signUp();
    await until(() => resend.calls.length > before, "the first try");
  }
  const calls = (person) => resend.calls.filter(({ body }) => body?.to.includes(person.email));
  for (const person of people) {
    await person.mail();
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return calls(person).length === 2;
    }, "the second try");
    const [first, second] = calls(person);
    assert.equal(second.status, 200);
    assert.equal(first.key, second.key);
    assert.deepEqual(first.body, second.body);
    assert.equal(person.mails.length, 1, `${person.email} found it once`);
    await until(async () => (await state(second.key)) === "sent", "the record");
  }
});

test("nothing of a mail stands in the databases or in the log", async () => {
  const { DIRECTORY } = await deployment.env();
  const { results } = await DIRECTORY.prepare("SELECT * FROM mail").all();
  const kept = JSON.stringify(results) + JSON.stringify(deployment.server.getLogs());
  for (const { body } of resend.mails) {
    for (const part of [body.to[0], body.subject, digits({ body }) + " ist"]) assert.ok(!kept.includes(part), part);
  }
  assert.ok(!kept.includes("Lovelace"));
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
