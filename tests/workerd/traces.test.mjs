// What is left of somebody who was erased: nothing that can be read, in no file that the local deployment keeps on disk (D1
// with its write-ahead logs, R2, Durable Objects), in no log, and in no copy from before the erasure.

import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { start, Visitor } from "./harness.mjs";

const CANARY = "xylophone-canary-4417";
const MINUTE = 60_000;

let deployment;
let folder;
const usual = tmpdir();
before(async () => {
  // The harness keeps its state in a folder of the system's for such: given one of our own, we know where to look.
  folder = await mkdtemp(join(usual, "loquet-traces-"));
  process.env.TMPDIR = folder;
  deployment = await start();
});
after(async () => {
  await deployment?.close();
  process.env.TMPDIR = usual;
  await rm(folder, { recursive: true, force: true });
});

/** Every file below a folder that is there when it is looked at, with its bytes. */
async function* files(below) {
  for (const entry of await readdir(below, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => null);
    if (bytes) yield [path, bytes];
  }
}

/** Which files hold a text, in either case, plainly, as UTF-16 or in base64. */
async function holding(below, text) {
  const plain = Buffer.from(text.toLowerCase());
  const wide = Buffer.from(text, "utf16le");
  const coded = [0, 1, 2].map((shift) => {
    const code = Buffer.from("\0".repeat(shift) + text).toString("base64").replace(/=+$/, "");
    return Buffer.from(code.slice(shift ? shift + 1 : 0, -2));
  });
  const found = [];
  for await (const [path, bytes] of files(below)) {
    const lower = Buffer.from(bytes.toString("latin1").toLowerCase(), "latin1");
    if (lower.includes(plain) || bytes.includes(wide) || coded.some((code) => bytes.includes(code))) found.push(path);
  }
  return found;
}

test("B4: the words of somebody who was erased stand in no file on disk, in no log and in no copy", async () => {
  const erased = new Visitor(deployment);
  await erased.write(`My name is ${CANARY}, when is breakfast?`);
  await erased.answered();
  const socket = await erased.join();
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve, { once: true }));
  const bearer = { authorization: `Bearer ${erased.token}` };
  const uploaded = await deployment.fetch(`/v1/widget/conversations/${erased.conversation}/files`, {
    method: "POST",
    headers: { ...bearer, "x-loquet-file-name": `${CANARY}.txt` },
    body: `The sentence ${CANARY} stands in a file. `.repeat(3_000),
  });
  assert.equal(uploaded.status, 200);
  const own = `/v1/privacy/conversations/${erased.conversation}`;
  await deployment.call("POST", `${own}/requests`, erased.token, { kind: "rectification", words: `I am ${CANARY}` });
  const survivor = new Visitor(deployment);
  await survivor.write("words of the survivor");
  await survivor.answered();
  assert.match(JSON.stringify(await erased.read()), new RegExp(CANARY), "it is kept, and opens for its visitor");

  // We look where the data is: what is no secret is found in D1, sealed files in R2.
  assert.ok((await holding(folder, "lime trees")).length + (await holding(folder, "breakfast")).length > 0, "D1 is on disk here");
  let sealed = 0;
  for await (const [, bytes] of files(folder)) sealed += bytes.subarray(0, 4).equals(Buffer.from("LQF1")) ? 1 : 0;
  assert.ok(sealed > 0, "R2 is on disk here");
  const backup = await mkdtemp(join(usual, "loquet-traces-copy-"));
  await cp(folder, backup, { recursive: true, force: true, filter: (path) => !path.endsWith(".sock") });

  const made = await deployment.call("POST", `${own}/requests`, erased.token, { kind: "erasure" });
  assert.equal(made.request.state, "met");
  // Whoever had it open is sent out at once, and not only when they next say something.
  let limit;
  const late = new Promise((_, refuse) => (limit = setTimeout(refuse, MINUTE / 6, new Error("the socket is still open"))));
  await Promise.race([closed, late]);
  clearTimeout(limit);
  for (const minutes of [0, 3, 10]) {
    const scheduledTime = new Date(Date.now() + minutes * MINUTE);
    await deployment.worker.scheduled({ cron: "*/5 * * * *", scheduledTime });
  }
  const env = await deployment.env();
  const { state, waits } = await env.SHARD_0.prepare("SELECT state, waits FROM erasure").first();
  assert.ok(state === "receipted" || (state === "verified" && waits), `${state}: nothing was found any more`);
  const { n } = await env.SHARD_0.prepare("SELECT count(*) AS n FROM message WHERE conversation = ?").bind(erased.conversation).first();
  assert.equal(n, 0);
  const left = (await env.FILES.list()).objects.filter(({ key }) => key.includes(erased.conversation));
  assert.deepEqual(left, []);

  for (const [where, what] of [[folder, "on disk"], [backup, "in the copy from before"]]) {
    assert.deepEqual(await holding(where, CANARY), [], what);
    assert.deepEqual(await holding(where, erased.token), [], `${what}: the token`);
    assert.deepEqual(await holding(where, "203.0.113.9"), [], `${what}: the address`);
  }
  const logs = JSON.stringify(deployment.server.getLogs());
  assert.ok(!logs.includes(CANARY) && !logs.includes("203.0.113.9") && !logs.includes(erased.token));
  await assert.rejects(erased.read(), /404/);
  assert.match(JSON.stringify(await survivor.read()), /words of the survivor/, "and everybody else reads on");
  await rm(backup, { recursive: true, force: true });
});
