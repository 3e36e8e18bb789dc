// Where no WebSocket gets through, the chat asks for what follows its cursor: slower, and as complete.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ask, entry, frameOf, open, transcript } from "./harness.mjs";
import { proxy } from "./proxy.mjs";

let world;
let company;
before(async () => {
  world = await open();
  company = await proxy();
});
after(async () => {
  await world?.close();
  company?.close();
});

/** The thread as the edge keeps it, asked for with what the device holds. */
async function kept(page) {
  const { conversation, token } = await entry(page);
  const { messages } = await world.deployment.call("GET", `/v1/widget/conversations/${conversation}/messages?after=0`, token);
  return messages;
}

/** The page shows what is kept: each message once, and in its order. */
async function agrees(page, frame) {
  const shown = await transcript(frame);
  const messages = await kept(page);
  assert.deepEqual(shown.map((row) => row.split(":")[0]), messages.map(({ origin }) => origin));
  const said = messages.filter(({ origin }) => origin === "visitor").map(({ body }) => `visitor: ${body.Text.text}`);
  assert.deepEqual(shown.filter((row) => row.startsWith("visitor")), said);
  return messages;
}

test("behind a proxy that refuses WebSockets the whole chat works: none lost, none doubled, in order", async () => {
  const page = await world.visit({ context: company.context });
  const frame = await world.chat(page);
  for (const question of ["What time is breakfast?", "Can we bring a dog?"]) await ask(frame, question);
  assert.match((await transcript(frame))[1], /breakfast/i);

  // Faster than the answers come.
  const box = frame.getByRole("textbox", { name: "Message" });
  for (let number = 1; number <= 5; number++) {
    await box.fill(`Where can we park car ${number}?`);
    await box.press("Enter");
  }
  await frame.getByRole("log").getByText("Where can we park car 5?").waitFor();
  await frame.locator('#panel[data-screen="chat"]').waitFor();
  await frame.locator('#log [data-origin]:last-child:is([data-origin="ai"], [data-origin="system"])').waitFor();
  await frame.getByRole("button", { name: "Talk to a person" }).click();
  await frame.getByText("A person has been asked for.").waitFor();
  const messages = await agrees(page, frame);
  assert.equal(messages.filter(({ origin }) => origin === "visitor").length, 7);
  assert.equal(new Set(messages.map(({ id }) => id)).size, messages.length);

  // Chromium asks for tunnels of its own besides.
  assert.ok(company.refused.filter((tunnel) => world.edge.endsWith(tunnel)).length >= 2, "sockets were tried");
  assert.ok(page.requests.some((url) => url.includes("/messages?after=")));
  assert.deepEqual(page.problems.filter((text) => !text.includes("WebSocket")), []);
  await page.context().close();
});

test("a message that comes from elsewhere while the chat polls is shown, and counted where the panel is closed", async () => {
  const page = await world.visit({ context: company.context });
  const frame = await world.chat(page);
  await ask(frame, "What time is breakfast?");
  await page.getByRole("button", { name: "Close chat" }).click();
  const { conversation, token } = await entry(page);
  await world.deployment.call("POST", `/v1/widget/conversations/${conversation}/person`, token);
  await page.getByRole("button", { name: "Open chat (1)" }).click();
  await frame.getByText("A person has been asked for.").waitFor();
  await page.getByRole("button", { name: "Close chat" }).click();
  await page.getByRole("button", { name: "Open chat", exact: true }).waitFor();
  await agrees(page, frame);
  await page.context().close();
});

test("a conversation is found again by polling after a reload", async () => {
  const page = await world.visit({ context: company.context });
  await ask(await world.chat(page), "What time is breakfast?");
  await page.reload();
  const frame = await world.chat(page);
  await frame.getByRole("log").getByText("What time is breakfast?").waitFor();
  await ask(frame, "Can we bring a dog?");
  const messages = await agrees(page, frame);
  assert.equal(messages.length, 4);
  assert.ok(frameOf(page), "the frame is the real one");
  await page.context().close();
});
