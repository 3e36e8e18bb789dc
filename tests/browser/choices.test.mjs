// The choice about statistics after it was made: asked again where the visitor wants to, and not asked where the browser
// has said no already.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, open } from "./harness.mjs";

const SIGNAL = "Your browser asks not to be counted. That counts as declined.";

let world;
before(async () => {
  world = await open();
});
after(() => world?.close());

const strip = (frame) => frame.getByRole("region", { name: "Privacy choices" });
const recorded = (page) => page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/consents"));

test("B8: Change my choice asks again and tells the present one, and the other goes into the ledger as a choice of its own", async () => {
  const page = await world.visit();
  const frame = await world.chat(page);
  const first = recorded(page);
  await strip(frame).getByRole("button", { name: "Decline" }).click();
  const declined = (await first).postDataJSON();
  assert.deepEqual([declined.choice, declined.way], ["declined", "strip"]);
  await strip(frame).waitFor({ state: "detached" });
  await frame.getByRole("button", { name: "About this chat" }).click();
  await frame.getByText("You declined.").waitFor();
  await frame.getByRole("button", { name: "Change my choice" }).click();
  await strip(frame).getByText("You declined.").waitFor();
  await frame.locator("#choices:focus").waitFor();
  // Asked again, it still stands in nobody's way.
  await ask(frame, "What time is breakfast?");
  const second = recorded(page);
  await strip(frame).getByRole("button", { name: "Accept" }).click();
  const accepted = (await second).postDataJSON();
  assert.deepEqual([accepted.choice, accepted.way], ["accepted", "settings"]);
  assert.notEqual(accepted.id, declined.id);
  await strip(frame).waitFor({ state: "detached" });
  await frame.getByRole("button", { name: "About this chat" }).click();
  await frame.getByText("You accepted.").waitFor();
  assert.deepEqual(page.problems, []);
});

for (const [name, headers] of [["Global Privacy Control", { "sec-gpc": "1" }], ["Do Not Track", { dnt: "1" }]]) {
  test(`B3: ${name} counts as declined and says so, and whoever wants to can still choose`, async () => {
    const page = await world.visit({ context: { extraHTTPHeaders: headers } });
    const frame = await world.chat(page);
    await strip(frame).getByText(SIGNAL).waitFor();
    assert.equal(await strip(frame).getByRole("button").count(), 0, "nothing is asked");
    await ask(frame, "What time is breakfast?");
    await strip(frame).waitFor({ state: "detached" });
    assert.equal(page.requests.filter((url) => url.endsWith("/consents")).length, 0, "and nothing is recorded");
    await frame.getByRole("button", { name: "About this chat" }).click();
    await frame.getByText(SIGNAL).waitFor();
    await frame.getByRole("button", { name: "Change my choice" }).click();
    const choice = recorded(page);
    await strip(frame).getByRole("button", { name: "Accept" }).click();
    assert.equal((await choice).postDataJSON().choice, "accepted");
    await page.context().close();
  });
}
