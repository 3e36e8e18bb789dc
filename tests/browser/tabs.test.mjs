// One conversation in two tabs: a link that opens a page of the same host takes the tab's storage along, so both hold
// the way back to the conversation, and both must agree.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, entry, frameOf, open, transcript } from "./harness.mjs";

let world;
before(async () => {
  world = await open();
});
after(() => world?.close());

/** A visitor who asked something, and opened the page in a second tab. */
async function twoTabs() {
  const first = await world.visit();
  const one = await world.chat(first);
  await ask(one, "What time is breakfast?");
  const [second] = await Promise.all([first.context().waitForEvent("page"), first.evaluate(() => void window.open(location.href))]);
  const two = await world.chat(second);
  await two.getByRole("log").getByText("What time is breakfast?").waitFor();
  return { first, one, second, two };
}

test("two tabs of one conversation agree on every message, whichever of them it was written in", async () => {
  const { first, one, second, two } = await twoTabs();
  assert.equal((await entry(second)).conversation, (await entry(first)).conversation);
  await ask(two, "Can we bring a dog?");
  await one.locator('#log [data-origin="ai"]').nth(1).waitFor();
  await ask(one, "Where can we park?");
  await two.locator('#log [data-origin="ai"]').nth(2).waitFor();
  const told = await transcript(one);
  assert.equal(told.length, 6);
  assert.deepEqual(await transcript(two), told);
  await first.reload();
  const again = await world.chat(first);
  await again.locator('#log [data-origin="ai"]').nth(2).waitFor();
  assert.deepEqual(await transcript(again), told);
});

test("a tab whose panel is closed counts what the other tab was answered", async () => {
  const { first, one, two } = await twoTabs();
  await one.getByRole("button", { name: "Close chat" }).click();
  await ask(two, "Can we bring a dog?");
  await first.getByRole("button", { name: "Open chat (1)" }).click();
  await one.locator('#log [data-origin="ai"]').nth(1).waitFor();
});

test("a chat that was ended in one tab can't be gone on with in the other, and nothing is sent into it", async () => {
  const { first, one, second, two } = await twoTabs();
  const { conversation } = await entry(first);
  const ended = first.waitForResponse((answer) => answer.url().endsWith("/leave"));
  await one.getByRole("button", { name: "About this chat" }).click();
  await one.getByText("End chat on this device").click();
  await one.getByRole("button", { name: "End chat", exact: true }).click();
  assert.equal((await ended).status(), 204);
  assert.equal(await frameOf(first).evaluate(() => sessionStorage.length), 0);

  await two.getByRole("textbox", { name: "Message" }).fill("Is anybody there?");
  await two.getByRole("button", { name: "Send" }).click();
  await two.getByText(/This conversation has ended, so this was not sent/).waitFor();
  assert.equal(await frameOf(second).evaluate(() => sessionStorage.length), 0);
  await two.getByRole("button", { name: "Try again" }).click();
  await two.locator('#log [data-origin="ai"], #log [data-origin="system"]').first().waitFor();
  assert.notEqual((await entry(second)).conversation, conversation);
  assert.equal((await transcript(two)).filter((row) => row.startsWith("visitor")).length, 1);
});
