// What nobody should send, over HTTP to the real Worker. The rules themselves are proved natively (`tests/tests/api`);
// here stands that each refusal is a problem document, and that none of them stalls the isolate for everybody else.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { demo, mintId, start, Visitor, words } from "./harness.mjs";

let deployment;
let guest;
let stranger;
before(async () => {
  deployment = await start();
  [guest, stranger] = [new Visitor(deployment), new Visitor(deployment)];
  for (const visitor of [guest, stranger]) {
    await visitor.write("Hello");
    await visitor.answered();
  }
});
after(() => deployment?.close());

const site = `/v1/widget/sites/${demo.site.id}`;
const thread = (id = guest.conversation) => `/v1/widget/conversations/${id}`;
const draft = (text) => JSON.stringify({ draft: mintId("drf"), text, locale: "en" });

/** Sends a body as it is. */
const send = (path, body, token = guest.token, headers = {}) =>
  deployment.fetch(path, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
    body,
    duplex: "half",
  });

/** The refusal is a problem document of this kind, and repeats nothing of what was sent. */
async function refused(what, answer, status, kind) {
  const { status: found, headers } = await answer;
  const text = await (await answer).text();
  assert.equal(found, status, `${what}: ${text}`);
  assert.match(headers.get("content-type"), /^application\/problem\+json/, what);
  const problem = JSON.parse(text);
  assert.deepEqual([problem.type, problem.status], [`urn:loquet:problem:${kind}`, status], what);
  assert.match(problem.reference, /^ref_/, what);
  assert.ok(!text.includes("canary"), what);
}

/** The same Worker still answers. */
async function alive(what) {
  assert.ok((await guest.read()).messages.length >= 2, what);
}

/** More than is read, without saying how much it will be. */
const endless = () =>
  new ReadableStream({
    start(controller) {
      for (let part = 0; part < 10; part++) controller.enqueue(new Uint8Array(10_000).fill(0x20));
      controller.close();
    },
  });

const BODIES = {
  "nothing": ["", 400, "body-malformed"],
  "half of it": [draft("canary").slice(0, -9), 400, "body-malformed"],
  "no JSON": ["canary=1&b=2", 400, "body-malformed"],
  "an array": ["[]", 400, "body-malformed"],
  "null": ["null", 400, "body-malformed"],
  "numbers for words": [JSON.stringify({ draft: 1, text: 2, locale: 3 }), 400, "body-malformed"],
  "an id of another kind": [JSON.stringify({ draft: mintId("cnv"), text: "canary", locale: "en" }), 400, "body-malformed"],
  "bytes that are no UTF-8": [Buffer.from([...Buffer.from(draft("canary").slice(0, -2)), 0xff, 0xc3, 0x22, 0x7d]), 400, "body-malformed"],
  "half a surrogate": [draft("canary").replace("canary", "\\ud83d"), 400, "body-malformed"],
  "sixty thousand brackets": ["[".repeat(60_000), 400, "body-malformed"],
  "too many bytes": [draft("canary ".repeat(10_000)), 413, "body-too-large"],
  "too many bytes, unannounced": [endless, 413, "body-too-large"],
  "too many characters": [draft("x".repeat(4_001)), 422, "message-too-long"],
  "nothing visible": [draft(" \u200b\u202e "), 422, "message-empty"],
};

test("a body that is none gets a problem that says so, on every route that reads one", async () => {
  for (const [what, [body, status, kind]] of Object.entries(BODIES)) {
    const fresh = () => (typeof body === "function" ? body() : body);
    await refused(what, send(`${thread()}/messages`, fresh()), status, kind);
    await refused(what, send(`${site}/conversations`, fresh(), guest.visitorToken), status, kind);
    // Where other fields are read, the words of a message are no body at all.
    const [otherStatus, otherKind] = status === 413 ? [status, kind] : [400, "body-malformed"];
    await refused(what, send(`${site}/consents`, fresh(), guest.visitorToken), otherStatus, otherKind);
    await refused(what, send(`${site}/visitors`, fresh(), null), otherStatus, otherKind);
    await alive(what);
  }
});

test("a body that breaks off holds nobody up", async () => {
  const { hostname, port } = deployment.url;
  await Promise.all(
    Array.from({ length: 20 }, () => new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`POST ${thread()}/messages HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${guest.token}\r\n` +
          `content-type: application/json\r\ncontent-length: 5000\r\n\r\n{"draft":"drf_`, () => socket.destroy());
      });
      socket.on("close", resolve).on("error", () => {});
    })),
  );
  await alive("after bodies that broke off");
});

test("ids that are unknown, foreign or nonsense, and tokens that are forged, used up or of another kind open nothing", async () => {
  const forged = (token) => token.slice(0, -1) + (token.endsWith("A") ? "B" : "A");
  const missing = [401, "token-missing"];
  const nothing = [404, "not-found"];
  const live = (ticket) => ({ upgrade: "websocket", "sec-websocket-protocol": `loquet.v1, ${ticket}` });
  for (const [what, answer, [status, kind]] of [
    ["an unknown conversation", send(`${thread(mintId("cnv"))}/messages`), nothing],
    ["a foreign one", send(`${thread(stranger.conversation)}/messages`), nothing],
    ["a foreign one to write in", send(`${thread(stranger.conversation)}/messages`, draft("canary")), nothing],
    ["a site's id for a conversation's", send(`${thread(demo.site.id)}/messages`), nothing],
    ["nonsense", send(`${thread("cnv_..%2f..%00")}/messages`), nothing],
    ["an unknown site", send(`/v1/widget/sites/${mintId("sit")}/visitors`, '{"origin":"http://127.0.0.1:1"}', null), nothing],
    ["an unknown frame", send(`/widget/${mintId("sit")}`, undefined, null), nothing],
    ["no token", send(`${thread()}/messages`, undefined, null), missing],
    ["another scheme", send(`${thread()}/messages`, undefined, null, { authorization: "Basic YTpi" }), missing],
    ["a visitor's token for a conversation", send(`${thread()}/messages`, undefined, guest.visitorToken), missing],
    ["a conversation's token for a visitor", send(`${site}/conversations`, draft("canary"), guest.token), missing],
    ["a forged visitor's token", send(`${site}/conversations`, draft("canary"), forged(guest.visitorToken)), missing],
    ["a forged conversation's token", send(`${thread()}/messages`, undefined, forged(guest.token)), nothing],
    ["a forged ticket", send(`${thread()}/live`, undefined, null, live("lqt_AAAA")), missing],
    ["no handshake", send(`${thread()}/live`), [426, "upgrade-required"]],
    ["a page of a stranger", send(`${site}/visitors`, '{"origin":"https://canary.example"}', null), [403, "origin-refused"]],
    ["a cookie", send(`${thread()}/messages`, undefined, guest.token, { cookie: "a=canary" }), [400, "cookie-refused"]],
    ["a cursor that is none", send(`${thread()}/messages?after=-1`), [422, "value-refused"]],
    ["a cursor beyond numbers", send(`${thread()}/messages?after=99999999999`), [422, "value-refused"]],
    ["no such address", send("/v1/widget/canary"), nothing],
    ["another method", deployment.fetch(`${thread()}/messages`, { method: "DELETE" }), [405, "method-refused"]],
  ]) {
    await refused(what, answer, status, kind);
    await alive(what);
  }
});

test("a token that was not used for twelve hours opens nothing any more", async () => {
  const late = new Visitor(deployment);
  await late.write("Hello");
  const { SHARD_0: shard } = await deployment.env();
  await shard
    .prepare("UPDATE conversation_token SET last_used_at = last_used_at - 43200001 WHERE conversation = ?")
    .bind(late.conversation)
    .run();
  await refused("an expired token", send(`${thread(late.conversation)}/messages`, undefined, late.token), 404, "not-found");
  await alive("after an expired token");
});

test("overrides of direction go, and markup stays the text that it is", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("invoice\u202efdp.exe \u2066<img src=x onerror=alert(1)>\u2069 שלום\u200f!");
  assert.equal(words((await visitor.answered())[0]), "invoicefdp.exe <img src=x onerror=alert(1)> שלום\u200f!");
});

test("a crowd of bad requests at once keeps nobody else waiting, and nothing in the Worker has panicked", async () => {
  const bad = Object.values(BODIES).flatMap(([body]) =>
    Array.from({ length: 4 }, () => send(`${thread()}/messages`, typeof body === "function" ? body() : body)),
  );
  const good = Array.from({ length: 20 }, () => guest.read());
  const fresh = new Visitor(deployment, undefined, "192.0.2.7");
  await fresh.write("What time is breakfast?");
  assert.match(words((await fresh.answered())[1]), /breakfast/i);
  assert.ok((await Promise.all(good)).every(({ messages }) => messages.length >= 2));
  assert.ok((await Promise.all(bad)).every(({ status }) => status >= 400 && status < 500));
  assert.doesNotMatch(JSON.stringify(deployment.server.getLogs()), /panic|unreachable|RuntimeError/i);
});
