// A person at a hotel's page: opens the chat, asks, reads, chooses, leaves. Host page and frame are on two sites.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, frameOf, open, transcript } from "./harness.mjs";

let world;
before(async () => {
  world = await open();
});
after(() => world?.close());

/** What is stored for the frame's own document, and for the host's. */
async function stored(page) {
  const read = () => ({
    cookie: document.cookie,
    session: Object.entries(sessionStorage),
    local: Object.entries(localStorage),
    name: window.name,
  });
  const kept = { host: await page.evaluate(read), cookies: await page.context().cookies() };
  const frame = frameOf(page);
  if (frame) {
    kept.frame = await frame.evaluate(read);
    kept.databases = await frame.evaluate(async () => (await indexedDB.databases()).length);
    kept.caches = await frame.evaluate(async () => (await caches.keys()).length);
    kept.workers = await frame.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  }
  return kept;
}

const NOTHING = { cookie: "", session: [], local: [], name: "" };

test("the main job: open, ask, read an answer with its source", async () => {
  const page = await world.visit();
  const frame = await world.chat(page);
  const answer = await ask(frame, "What time is breakfast?");
  assert.match(await answer.innerText(), /breakfast/i);
  assert.equal(await answer.getAttribute("data-origin"), "ai");
  await frame.getByRole("note").waitFor();
  assert.deepEqual(page.problems, []);
});

test("B1: nothing is stored before the first message, and one entry of the frame's own after it", async () => {
  const page = await world.visit();
  const frame = await world.chat(page);
  const before = await stored(page);
  assert.deepEqual(before.host, NOTHING);
  assert.deepEqual(before.frame, NOTHING);
  await ask(frame, "What time is breakfast?");
  const kept = await stored(page);
  assert.deepEqual(kept.host, NOTHING);
  assert.deepEqual(kept.cookies, []);
  assert.equal(kept.frame.session.length, 1);
  assert.equal(kept.frame.session[0][0], "loquet");
  assert.deepEqual([kept.frame.cookie, kept.frame.local, kept.frame.name], ["", [], ""]);
  assert.deepEqual([kept.databases, kept.caches, kept.workers], [0, 0, 0]);
});

test("P5.6: no request leaves for anybody but the host page and the deployment", async () => {
  const page = await world.visit();
  const frame = await world.chat(page);
  await ask(frame, "What time is breakfast?");
  const strangers = page.requests.filter(
    (url) => !url.startsWith(world.edge) && !url.startsWith(world.hostOrigin) && !url.startsWith("data:") && !url.startsWith("blob:"),
  );
  assert.deepEqual(strangers, []);
});

test("P7.2: accept, decline and silence give the same transcript and the same requests but for the ledger", async () => {
  const outcomes = [];
  for (const choice of ["Accept", "Decline", undefined]) {
    const page = await world.visit();
    const frame = await world.chat(page);
    if (choice) await frame.getByRole("region", { name: "Privacy choices" }).getByRole("button", { name: choice }).click();
    await ask(frame, "What time is breakfast?");
    const told = await transcript(frame);
    const calls = page.requests
      .filter((url) => url.includes("/v1/") && !url.endsWith("/consents"))
      .map((url) => new URL(url).pathname.replace(/cnv_\w+/, "cnv"));
    const choices = page.requests.filter((url) => url.endsWith("/consents")).length;
    outcomes.push({ transcript: told, calls: [...new Set(calls)].sort(), choices });
    await page.context().close();
  }
  const [accepted, declined, silent] = outcomes;
  assert.deepEqual(accepted.transcript, silent.transcript);
  assert.deepEqual(declined.transcript, silent.transcript);
  assert.deepEqual(accepted.calls, silent.calls);
  assert.deepEqual(declined.calls, silent.calls);
  assert.deepEqual([accepted.choices, declined.choices, silent.choices], [1, 1, 0]);
});

test("B2: a host with a strict policy needs no weaker one", async () => {
  const policy = `default-src 'self'; script-src 'nonce-abc' ${world.edge}; frame-src ${world.edge}; style-src 'self'; require-trusted-types-for 'script'`;
  const page = await world.visit({ headers: { "content-security-policy": policy }, script: 'nonce="abc"' });
  const frame = await world.chat(page);
  assert.match(await (await ask(frame, "What time is breakfast?")).innerText(), /breakfast/i);
  assert.deepEqual(page.problems, []);
});

test("the conversation is there again after a reload, and gone after End chat on this device", async () => {
  const page = await world.visit();
  let frame = await world.chat(page);
  await ask(frame, "What time is breakfast?");
  await page.reload();
  frame = await world.chat(page);
  await frame.getByRole("log").getByText("What time is breakfast?").waitFor();
  await frame.getByRole("button", { name: "About this chat" }).click();
  await frame.getByText("End chat on this device").click();
  await frame.getByRole("button", { name: "End chat", exact: true }).click();
  await page.reload();
  frame = await world.chat(page);
  await frame.getByRole("log").waitFor({ state: "attached" });
  assert.equal(await frame.locator("[data-origin=visitor]").count(), 0);
  assert.deepEqual((await stored(page)).frame.session, []);
});

test("keyboard alone: open, write, send, read, close with Escape, and focus is back", async () => {
  const page = await world.visit();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const frame = page.frameLocator("iframe");
  const box = frame.getByRole("textbox", { name: "Message" });
  await box.waitFor();
  await page.waitForTimeout(300);
  await page.keyboard.type("What time is breakfast?");
  await page.keyboard.press("Enter");
  await frame.locator('#log [data-origin="ai"]').first().waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Open chat" }).waitFor();
  const focused = await page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active?.getAttribute("aria-label");
  });
  assert.match(focused ?? "", /Open chat/);
});

test("a phone gets the whole screen, at 320 pixels too", async () => {
  const page = await world.visit({ context: { viewport: { width: 320, height: 640 } } });
  const frame = await world.chat(page);
  await ask(frame, "What time is breakfast?");
  const box = await page.locator("iframe").boundingBox();
  assert.ok(box.width >= 318 && box.height >= 636, JSON.stringify(box));
  const wide = await frameOf(page).evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, "nothing is cut off sideways");
});

test("a visitor who writes too fast is told how long to wait, and the message stays", async () => {
  const page = await world.visit();
  const frame = await world.chat(page);
  const box = frame.getByRole("textbox", { name: "Message" });
  for (let number = 1; number <= 13; number++) {
    await box.fill(`message ${number}`);
    await box.press("Enter");
  }
  const refused = frame.locator("#log [data-origin=visitor]").filter({ has: frame.getByRole("button", { name: "Try again" }) });
  await refused.waitFor();
  assert.match(await refused.innerText(), /message 13\n.*Try again in \d+ seconds?\./s);
  assert.equal(await frame.locator("#log [data-origin=visitor]").count(), 13);
});
