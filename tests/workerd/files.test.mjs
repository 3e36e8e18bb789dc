// Files on workerd: real R2, bodies that stream both ways, and the bytes that lie in the bucket.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Visitor, mintId, start } from "./harness.mjs";

const CANARY = "canary-of-a-sentence-in-a-file";
const LIMIT = 20 * 1024 * 1024;

let deployment;
let visitor;

before(async () => {
  deployment = await start();
  visitor = new Visitor(deployment);
  await visitor.write("Hello");
});

after(() => deployment.close());

const files = () => `/v1/widget/conversations/${visitor.conversation}/files`;
const bearer = () => ({ authorization: `Bearer ${visitor.token}` });

const upload = (name, body, more = {}) =>
  deployment.fetch(files(), {
    method: "POST",
    headers: { ...bearer(), "x-loquet-file-name": encodeURIComponent(name) },
    body,
    ...more,
  });

const download = (id, more = {}) => deployment.fetch(`${files()}/${id}`, { headers: { ...bearer(), ...more } });

/** Text that differs everywhere, so that a piece in the wrong place shows. */
function text(bytes) {
  const lines = [];
  for (let at = 0; at < bytes; at += 64) lines.push(`${String(at).padStart(12)} ${CANARY}`.padEnd(63) + "\n");
  return Buffer.from(lines.join("")).subarray(0, bytes);
}

/** Bytes in pieces, without saying how many there will be. */
const stream = (bytes) =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 300_000) controller.enqueue(bytes.subarray(at, at + 300_000));
      controller.close();
    },
  });

async function refused(what, answer, status, kind) {
  const { status: answered, type } = await (await answer).json();
  assert.equal(`${answered} ${type}`, `${status} urn:loquet:problem:${kind}`, what);
}

test("files of every size come back as they went in, also those that R2 takes in parts", async () => {
  const part = 5 * 1024 * 1024;
  for (const size of [1, 65_536, 65_537, part - 46, part - 29, 2 * part + 1, LIMIT]) {
    const bytes = text(size);
    const answer = await upload("liste à lire.txt", size > 1_000_000 ? stream(bytes) : bytes, { duplex: "half" });
    assert.equal(answer.status, 200, `${size}: ${await answer.clone().text()}`);
    const file = await answer.json();
    assert.deepEqual([file.name, file.bytes, file.media_type], ["liste à lire.txt", size, "text/plain"]);
    const read = await download(file.id);
    assert.equal(read.status, 200);
    assert.equal(read.headers.get("content-disposition"), "attachment; filename*=UTF-8''liste%20%C3%A0%20lire.txt");
    assert.equal(read.headers.get("x-content-type-options"), "nosniff");
    assert.equal(read.headers.get("content-security-policy"), "sandbox; default-src 'none'");
    assert.ok(Buffer.from(await read.arrayBuffer()).equals(bytes), `${size} bytes`);
  }
});

test("several large files at once fit into one isolate", async () => {
  const bytes = text(LIMIT);
  // Each answer is read at once: the harness lets go of a body that waits for the other three.
  const send = async () => {
    const answer = await upload("a.txt", bytes);
    return { answered: answer.status, ...(await answer.json()) };
  };
  const sent = await Promise.all(Array.from({ length: 4 }, send));
  assert.deepEqual(sent.map(({ answered }) => answered), [200, 200, 200, 200], JSON.stringify(sent));
  const read = await Promise.all(sent.map(async ({ id }) => Buffer.from(await (await download(id)).arrayBuffer())));
  assert.ok(read.every((one) => one.equals(bytes)));
});

test("a file is sent with a message and read by its words and its type", async () => {
  const { id } = await (await upload("a.csv", "name;nights\nAnna;2\n")).json();
  const path = `/v1/widget/conversations/${visitor.conversation}/messages`;
  const body = { draft: mintId("drf"), text: "", locale: "en", files: [id] };
  const { message } = await deployment.call("POST", path, visitor.token, body);
  assert.deepEqual(message.attachments.map((file) => [file.id, file.media_type]), [[id, "text/csv"]]);
  const { messages } = await visitor.read();
  assert.deepEqual(messages.find(({ id }) => id === message.id).attachments, message.attachments);
  await assert.rejects(deployment.call("POST", path, visitor.token, { ...body, draft: mintId("drf") }), /file-unavailable/);
});

test("what is no file for us is refused with a problem, and the next request is answered", async () => {
  await refused("one byte too many", upload("a.txt", text(LIMIT + 1)), 413, "file-too-large");
  await refused("the same, unannounced", upload("a.txt", stream(text(LIMIT + 1)), { duplex: "half" }), 413, "file-too-large");
  await refused("a drawing", upload("a.svg", "<svg onload='alert(1)'/>"), 422, "file-type-refused");
  await refused("a page called a photo", upload("a.jpg", "<!doctype html><script>"), 422, "file-type-refused");
  await refused("half a photo", upload("a.png", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")), 422, "file-broken");
  await refused("a bomb", upload("a.zip", Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(5_000)])), 422, "file-broken");
  assert.equal((await upload("a.txt", "hello")).status, 200);
});

test("in the bucket no sentence of a file can be read, and a damaged file breaks off", async () => {
  const bytes = text(300_000);
  const { id } = await (await upload(`${CANARY}.txt`, bytes)).json();
  const env = await deployment.env();
  const { objects } = await env.FILES.list({ prefix: "f/" });
  assert.ok(objects.length >= 5);
  for (const { key } of objects) {
    const sealed = Buffer.from(await (await env.FILES.get(key)).arrayBuffer());
    assert.ok(sealed.subarray(0, 4).equals(Buffer.from("LQF1")) && !sealed.includes(CANARY), key);
  }
  const { key } = objects.find((object) => object.key.endsWith(id));
  const sealed = Buffer.from(await (await env.FILES.get(key)).arrayBuffer());
  sealed[200_000] ^= 1;
  await env.FILES.put(key, sealed);
  // Packed on its way, it would be held back until it is known to fail, and be a plain 500.
  const read = await download(id, { "accept-encoding": "identity" });
  const came = [];
  await assert.rejects(async () => {
    for await (const piece of read.body) came.push(piece);
  }, /terminated/);
  assert.ok(bytes.subarray(0, 200_000).indexOf(Buffer.concat(came)) === 0, "what came until then is proved");
  assert.doesNotMatch(JSON.stringify(deployment.server.getLogs()), new RegExp(`${CANARY}|panic|unreachable|RuntimeError`, "i"));
});

test("a day after the upload, what was not sent is gone from the bucket", async () => {
  const env = await deployment.env();
  const before = (await env.FILES.list({ prefix: "f/" })).objects.length;
  await deployment.worker.scheduled({ cron: "17 * * * *", scheduledTime: new Date(Date.now() + 86_500_000) });
  const { objects } = await env.FILES.list({ prefix: "f/" });
  assert.ok(before > 5 && objects.length === 1, `${before} and then ${objects.length}: the one that was sent`);
});
