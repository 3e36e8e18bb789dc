// Words on the page: what a message can't do, however it is written, and how a streamed answer is read out.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { provider } from "../workerd/fake.mjs";
import { ask, frameOf, open } from "./harness.mjs";

let fake;
let world;
before(async () => {
  fake = await provider();
  world = await open({ vars: fake.vars });
});
after(async () => {
  await world?.close();
  fake?.close();
});

const EVIL = [
  `<img src="https://evil.example/a.png" onerror="window.owned = 1">`,
  `<script>window.owned = 1</script><iframe srcdoc="<script>top.owned = 1</script>"></iframe>`,
  `<style>*{display:none}</style><a href="https://evil.example/b">here</a>`,
  `![a picture](https://evil.example/c.png) [one](javascript:window.owned=1) [two](data:text/html,x)`,
  `[three](https://evil.example/d?words) https://evil.example/e`,
].join("\n\n");

test("markup and script in a message stay words, whoever wrote it, and no picture is asked for", async () => {
  fake.reply = async (call) => {
    await call.say(EVIL);
    call.end();
  };
  const page = await world.visit();
  const frame = await world.chat(page);
  await ask(frame, `invoice\u202efdp.exe ${EVIL}`);
  const log = await frameOf(page).evaluate(() => ({
    elements: [...document.querySelectorAll("#log img, #log script, #log iframe, #log style, #log form, #log [onerror]")].map(({ outerHTML }) => outerHTML),
    links: [...document.querySelectorAll("#log a[href]")].map(({ href }) => href),
    texts: [...document.querySelectorAll("#log .bubble")].map(({ textContent }) => textContent),
    owned: "owned" in window,
  }));
  assert.deepEqual(log.elements, []);
  assert.equal(log.owned || (await page.evaluate(() => "owned" in window)), false);
  assert.equal(log.texts.length, 2);
  for (const text of log.texts) assert.ok(text.includes("<script>window.owned = 1</script>"), text);
  assert.ok(log.texts[0].startsWith("invoicefdp.exe"), "the override of direction is gone");
  // Of the model's links only those to the business's own addresses are left; a visitor's words have none.
  assert.deepEqual(log.links.filter((address) => !address.startsWith("https://maison-lumiere.example")), []);
  assert.deepEqual(page.requests.filter((url) => url.includes("evil.example")), []);
  assert.deepEqual(page.problems, []);
});

test("a streamed answer is read out once, when it is whole; until then it is said that somebody writes", async () => {
  let go;
  const gone = new Promise((resolve) => (go = resolve));
  fake.reply = async (call) => {
    await call.say("Breakfast is served ");
    await gone;
    await call.say("from half past seven.");
    call.end();
  };
  const page = await world.visit();
  const frame = await world.chat(page);
  const document = frameOf(page);
  assert.equal(await frame.locator("#log[role=log]").count(), 1, "the region is there before its content");
  await frame.locator("#strip section").waitFor();
  await document.evaluate(() => {
    window.added = [];
    window.touched = [];
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        if (target.id === "log") window.added.push(...[...addedNodes].map((node) => node.dataset.origin ?? node.className));
        else if (target.closest?.("[data-origin=ai]")) window.touched.push(target.outerHTML);
      }
    }).observe(document.getElementById("log"), { childList: true, subtree: true, characterData: true });
  });
  await frame.getByRole("textbox", { name: "Message" }).fill("What time is breakfast?");
  await frame.getByRole("button", { name: "Send" }).click();
  await frame.locator("#live-words").getByText("Breakfast is served").waitFor();
  assert.equal(await frame.locator("#live").getAttribute("aria-hidden"), "true");
  assert.equal(await frame.locator("[role=status] #writing").innerText(), "The AI is writing…");
  assert.equal(await frame.locator("#log [data-origin=ai]").count(), 0);
  go();
  await frame.getByRole("log").getByText("Breakfast is served from half past seven.").waitFor();
  await frame.locator("#writing").waitFor({ state: "hidden" });
  assert.deepEqual(await document.evaluate(() => window.added), ["visitor", "day", "ai"]);
  assert.deepEqual(await document.evaluate(() => window.touched), []);
});
