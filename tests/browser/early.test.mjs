// Before the program is there: the first message leaves with the visitor's act and not with the last byte of WASM, once,
// and the program goes on with it as if it had sent it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { entry, frameOf, open, transcript } from "./harness.mjs";

let world;
before(async () => {
  world = await open();
});
after(() => world?.close());

/** A visit whose program comes when it is let go. */
async function hold() {
  const page = await world.visit();
  let go;
  const gone = new Promise((resolve) => (go = resolve));
  await page.route("**/*.wasm", async (route) => {
    await gone;
    await route.continue();
  });
  return { page, go };
}

const opened = (page) => page.requests.filter((url) => url.endsWith("/conversations"));

async function write(frame, text) {
  await frame.getByRole("textbox", { name: "Message" }).fill(text);
  await frame.getByRole("button", { name: "Send" }).click();
}

test("the first message leaves before the program is there, and is in the thread once", async () => {
  const { page, go } = await hold();
  const frame = await world.chat(page);
  const answered = page.waitForResponse((response) => response.url().endsWith("/conversations"));
  await write(frame, "What time is breakfast?");
  assert.equal((await answered).status(), 200);
  // A second one waits for the program: it needs what the first one's answer brings.
  await write(frame, "Where can I park?");
  assert.deepEqual(await frame.locator(".early").allTextContents(), ["What time is breakfast?", "Where can I park?"]);
  assert.equal(await frameOf(page).evaluate(() => sessionStorage.length), 0);
  go();
  await frame.locator('#log [data-origin="ai"]').nth(1).waitFor();
  const visitor = (await transcript(frame)).filter((line) => line.startsWith("visitor"));
  assert.deepEqual(visitor, ["visitor: What time is breakfast?", "visitor: Where can I park?"]);
  assert.equal(opened(page).length, 1);
  assert.ok((await entry(page)).conversation.startsWith("cnv_"));
  assert.deepEqual(page.problems, []);
});

test("a first message that did not get through can be sent again", async () => {
  const { page, go } = await hold();
  const frame = await world.chat(page);
  await page.route("**/conversations", (route) => route.abort(), { times: 1 });
  await write(frame, "What time is breakfast?");
  go();
  await frame.getByRole("button", { name: /again/i }).click();
  await frame.locator('#log [data-origin="ai"]').waitFor();
  assert.equal((await transcript(frame)).filter((line) => line.startsWith("visitor")).length, 1);
});

test("a tab that remembers a conversation goes on with it, however early the visitor writes", async () => {
  const { page, go } = await hold();
  const frame = await world.chat(page);
  go();
  await write(frame, "What time is breakfast?");
  await frame.locator('#log [data-origin="ai"]').waitFor();
  const { conversation } = await entry(page);
  let late;
  const later = new Promise((resolve) => (late = resolve));
  await page.route("**/*.wasm", async (route) => {
    await later;
    await route.continue();
  });
  await page.reload();
  await world.chat(page);
  await write(frame, "Where can I park?");
  late();
  await frame.locator('#log [data-origin="ai"]').nth(1).waitFor();
  assert.equal((await entry(page)).conversation, conversation);
  assert.equal(opened(page).length, 1);
});
