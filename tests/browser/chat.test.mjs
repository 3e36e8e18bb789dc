// A person at a hotel's page: opens the chat, asks, reads, chooses, leaves. Host page and frame are on two sites.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { ask, open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let world;
before(async () => {
  world = await open();
});
after(() => world?.close());

const frameOf = (page) => page.frames().find((frame) => frame.url().includes("/widget/"));

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
    const transcript = await frame.locator("#log [data-origin]").evaluateAll((nodes) =>
      nodes.map((node) => `${node.dataset.origin}: ${node.querySelector(".bubble")?.textContent ?? node.textContent}`),
    );
    const calls = page.requests
      .filter((url) => url.includes("/v1/") && !url.endsWith("/consents"))
      .map((url) => new URL(url).pathname.replace(/cnv_\w+/, "cnv"));
    const choices = page.requests.filter((url) => url.endsWith("/consents")).length;
    outcomes.push({ transcript, calls: [...new Set(calls)].sort(), choices });
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

test("an unknown site leaves nothing on the page and one clear error", async () => {
  const page = await world.visit();
  const stranger = structuredClone(world.pages.get("/"));
  stranger.html = stranger.html.replace(/data-site="[^"]+"/, 'data-site="sit_01jd3k8v6q4w9x2t7y5z0abcde"');
  world.pages.set("/stranger", stranger);
  const errors = [];
  page.on("console", (message) => message.text().startsWith("Loquet") && errors.push(message.text()));
  await page.goto(`${world.hostOrigin}/stranger`);
  const launcher = page.getByRole("button", { name: "Open chat" });
  await launcher.click();
  await page.waitForEvent("console", { predicate: (message) => message.text().startsWith("Loquet"), timeout: 25_000 });
  assert.equal(await page.locator("iframe").count(), 0);
  assert.equal(await launcher.count(), 0);
  assert.equal(errors.length, 1, errors.join("\n"));
});

test("the conversation is there again after a reload, and gone after End chat on this device", async () => {
  const page = await world.visit();
  let frame = await world.chat(page);
  await ask(frame, "What time is breakfast?");
  await page.reload();
  frame = await world.chat(page);
  await frame.getByText("What time is breakfast?").waitFor();
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

for (const [theme, scheme] of [["light", "light"], ["dark", "dark"]]) {
  for (const [locale, direction] of [["en", "ltr"], ["ar", "rtl"]]) {
    test(`axe finds nothing on the chat and its privacy view, ${theme}, ${direction}`, async () => {
      const page = await world.visit({
        attributes: `data-locale="${locale}" data-theme="${theme}" data-open`,
        context: { colorScheme: scheme },
      });
      const frame = page.frameLocator("iframe");
      await frame.getByRole("textbox").waitFor();
      await page.waitForTimeout(500);
      const document = frameOf(page);
      const check = async (screen) => {
        await document.evaluate(axe);
        const { violations } = await document.evaluate(() =>
          window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
        );
        const found = violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes.map(({ html }) => html).join(" ")}`);
        assert.deepEqual(found, []);
      };
      await check("empty");
      await frame.getByRole("textbox").fill("What time is breakfast?");
      await page.keyboard.press("Enter").catch(() => {});
      await frame.locator("#send").click().catch(() => {});
      await frame.locator('#log [data-origin="ai"]').first().waitFor();
      await check("chat");
      await frame.locator("#open-about").click();
      await page.waitForTimeout(200);
      await check("about");
      assert.equal(await document.evaluate(() => document.documentElement.dir), direction);
    });
  }
}

test("a phone gets the whole screen, at 320 pixels too", async () => {
  const page = await world.visit({ context: { viewport: { width: 320, height: 640 } } });
  const frame = await world.chat(page);
  await ask(frame, "What time is breakfast?");
  const box = await page.locator("iframe").boundingBox();
  assert.ok(box.width >= 318 && box.height >= 636, JSON.stringify(box));
  const wide = await frameOf(page).evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(wide, false, "nothing is cut off sideways");
});
