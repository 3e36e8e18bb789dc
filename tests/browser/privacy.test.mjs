// The privacy centre by keyboard alone: a visitor proves the chat by the code in the fragment, then sees, takes, corrects,
// holds still, objects and erases. No pointer is used, nothing is stored, and nothing is asked of anybody else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { HOST, mintId } from "../workerd/harness.mjs";
import { demo, entry, open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = process.env.PICTURES;

let world;
before(async () => { world = await open(); });
after(() => world?.close());

/** A conversation with a question in it, as the frame would open it. */
async function thread(words = "What time is breakfast?") {
  const site = demo.site.id;
  const json = async (path, body, token) => {
    const answer = await world.deployment.fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body ?? {}),
    });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const { token } = await json(`/v1/widget/sites/${site}/visitors`, { origin: HOST });
  const first = { draft: mintId("drf"), text: words, locale: "en" };
  const opened = await json(`/v1/widget/sites/${site}/conversations`, first, token);
  const { path } = await json(`/v1/privacy/conversations/${opened.conversation}/codes`, null, opened.token);
  return { ...opened, path };
}

/** A page at an address, without any pointer. */
async function visit(path, options = {}) {
  const context = await world.browser.newContext({ viewport: { width: 1200, height: 900 }, locale: "en-GB", acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.requests = [];
  page.problems = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  await page.goto(`${world.edge}${path}`);
  return page;
}

/** Goes forward by Tab until something with this name has the focus, as somebody without a pointer does. */
async function reach(page, name) {
  for (let steps = 0; steps < 80; steps++) {
    const here = await page.evaluate(() => {
      const element = document.activeElement;
      return element.labels?.[0]?.textContent.trim() || element.getAttribute("aria-label") || element.textContent.trim();
    });
    if (here.startsWith(name)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`the keyboard does not reach "${name}"`);
}
const press = async (page, name) => {
  await reach(page, name);
  await page.keyboard.press("Enter");
};
const says = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor();
const picture = async (page, name) => {
  if (!PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
};

test("B9: all six rights work by keyboard alone", async () => {
  const mine = await thread();
  const page = await visit(mine.path);
  await page.getByRole("region", { name: "Held now" }).waitFor();
  assert.ok(!page.url().includes("#"), "the code left the address");
  assert.equal(await page.evaluate(() => document.activeElement.id), "see", "the focus is where it goes on");

  await press(page, "Show");
  await page.getByText("What time is breakfast?").waitFor();
  await page.locator("#see-panel").getByText(/goes on/).first().waitFor();
  await picture(page, "see");
  await press(page, "Hide");

  const download = page.waitForEvent("download");
  await press(page, "Download");
  const bytes = await readFile(await (await download).path());
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
  assert.ok(bytes.includes("What time is breakfast?"), "stored, and complete");
  await says(page, "Saved as my-data.zip.");

  await press(page, "Correct");
  await page.locator("#correct-panel").waitFor();
  await reach(page, "What it should say");
  await page.keyboard.type("When is breakfast on Sunday?");
  await press(page, "Send the correction");
  await says(page, "Corrected.");
  await press(page, "Show");
  await page.getByText("said before: What time is breakfast?").waitFor();
  await press(page, "Hide");

  await press(page, "Restrict");
  await says(page, "Held still since");
  await press(page, "Lift it");
  await says(page, "Lifted.");

  await press(page, "Choose");
  await reach(page, "being counted in statistics");
  await page.keyboard.press("Space");
  await press(page, "Object");
  await says(page, "Noted and in force.");
  await page.getByRole("region", { name: "Held now" }).getByText("declined").waitFor();

  await press(page, "Make a code");
  const code = await page.locator("#resume-panel pre").textContent();
  assert.match(code, /^([0-9A-Z]{5}-){5}[0-9A-Z]$/);
  await picture(page, "proved");

  const back = await visit(`/privacy/${demo.site.id}`);
  await reach(back, "Code");
  await back.keyboard.type(code.toLowerCase());
  await back.keyboard.press("Enter");
  await back.getByRole("region", { name: "Held now" }).waitFor();

  await press(page, "Erase…");
  await page.getByText(/messages and everything with them/).waitFor();
  await reach(page, "Erase now");
  await picture(page, "erase");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Receipt" }).waitFor();
  assert.match(await page.locator("#receipt-key").textContent(), /^era_[0-9a-z]{26}\n\S{40,}$/);
  await picture(page, "receipt");
  await press(back, "Show");
  await says(back, "The chat is not there any more");

  for (const one of [page, back]) {
    const foreign = one.requests.filter((url) => !url.startsWith(world.edge) && !url.startsWith("blob:"));
    assert.deepEqual(foreign, [], "nobody else is asked for anything");
    assert.deepEqual(await one.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
    assert.deepEqual(one.problems.filter((text) => !text.includes("404")), []);
  }
});

test("B9: a button does what it says as soon as it says it, also on a slow line", async () => {
  const mine = await thread();
  const page = await visit(mine.path);
  await page.getByRole("region", { name: "Held now" }).waitFor();
  await page.route(`**/v1/privacy/conversations/${mine.conversation}`, async (route) => {
    await new Promise((go) => setTimeout(go, 400));
    await route.continue();
  });
  await press(page, "Show");
  await page.locator("#see-panel").waitFor();
  await press(page, "Hide");
  await page.locator("#see-panel").waitFor({ state: "hidden" });
  await press(page, "Show");
  await page.getByText("What time is breakfast?").waitFor();
});

test("B9: a code that is wrong says so and keeps what was typed", async () => {
  const page = await visit(`/privacy/${demo.site.id}#7ZZZZZZZZZZZZZZZZZZZZZZZZZ`);
  await page.getByRole("alert").filter({ hasText: "That code does not work" }).waitFor();
  assert.ok(!page.url().includes("#"));
  await reach(page, "Code");
  await page.keyboard.type("guest@example.org");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").filter({ hasText: "That code does not work" }).waitFor();
  assert.equal(await page.getByLabel("Code").inputValue(), "guest@example.org");
});

test("P10: whoever knows of a child's data reports it by keyboard", async () => {
  const page = await visit(`/privacy/${demo.site.id}`);
  await reach(page, "What was written");
  await page.keyboard.type("My son wrote on Sunday as Leo");
  await press(page, "Send the report");
  await page.getByText("A person looks at it.").waitFor();
});

test("the page is legible to assistive technology in light and dark, on a phone and from right to left", async () => {
  const views = [
    ["light", { colorScheme: "light" }, ""],
    ["dark", { colorScheme: "dark" }, ""],
    ["phone", { viewport: { width: 360, height: 740 } }, "?locale=fr"],
    ["rtl", { colorScheme: "light" }, "?locale=ar"],
  ];
  for (const [name, options, query] of views) {
    const mine = await thread();
    const page = await visit(mine.path.replace("#", `${query}#`), options);
    await page.locator("#held").waitFor();
    await picture(page, name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name}: nothing hangs out by ${wide} pixels`);
    await page.addScriptTag({ content: axe }).catch(() => page.evaluate(axe));
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]), [], name);
  }
});

test("the deployment's own pages stand: who runs it, and the record of processing", async () => {
  for (const [path, heading] of [["/privacy/platform?locale=de", "Wer dieses System betreibt"], ["/privacy/map", "Record of processing"]]) {
    const page = await visit(path);
    await page.getByRole("heading", { level: 1, name: heading }).waitFor();
    await picture(page, path.slice(9, 17).replace("?", ""));
    assert.deepEqual(page.problems, []);
  }
});

/** Goes by a key until something in the chat has the focus. */
async function reachInChat(page, wanted, key = "Tab") {
  for (let steps = 0; steps < 60; steps++) {
    if ((await wanted.count()) === 1 && (await wanted.evaluate((node) => node === node.ownerDocument.activeElement))) return;
    await page.keyboard.press(key);
  }
  assert.fail(`the keyboard does not reach ${wanted}`);
}
const pressInChat = async (page, wanted, key) => {
  await reachInChat(page, wanted, key);
  await page.keyboard.press("Enter");
};

/** A host page whose chat was opened, written into and answered without a pointer. */
async function chatByKeyboard(words) {
  const page = await world.visit();
  await page.getByRole("button", { name: "Open chat" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const frame = page.frameLocator("iframe");
  const box = frame.getByRole("textbox", { name: "Message" });
  await box.waitFor();
  await reachInChat(page, box);
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await frame.locator('#log [data-origin="ai"], #log [data-origin="system"]').first().waitFor();
  return { page, frame, box };
}

const HELD = "At your request this chat is held still, so nothing is sent or answered.";

test("P6.4: a chat that its visitor holds still takes no words and says why, also later, and goes on by itself once they lift it", async () => {
  const { page, frame, box } = await chatByKeyboard("What time is breakfast?");
  const { conversation, token } = await entry(page);
  const own = (method, path, body) =>
    world.deployment.call(method, `/v1/privacy/conversations/${conversation}${path}`, token, body);
  await own("POST", "/requests", { kind: "restriction" });

  // Nobody writes what can't be sent: it is said once, and what was begun stays in its field.
  const still = async (chat) => {
    await chat.getByText(HELD).waitFor();
    assert.ok(await chat.getByRole("textbox", { name: "Message" }).isDisabled());
    assert.ok(await chat.getByRole("button", { name: "Send" }).isDisabled());
    assert.equal(await chat.getByRole("button", { name: "Talk to a person" }).count(), 0);
    assert.equal(await chat.getByText("A message written now").count(), 0);
  };
  await box.fill("And on Sunday?");
  await frame.locator("#message:disabled").waitFor();
  await still(frame);
  assert.equal(await box.inputValue(), "And on Sunday?");

  // What was sent in the moment before is kept, and is no fault.
  const { status } = await fetch(`${world.edge}/v1/widget/conversations/${conversation}/messages`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ draft: "drf_01jd3k8v6q4w9x2t7y5z0abcde", text: "And on Sunday?", locale: "en" }),
  });
  assert.equal(status, 409);

  // It says so as well to whoever comes back later.
  await page.reload();
  const again = await world.chat(page);
  await again.locator("#message:disabled").waitFor();
  await still(again);
  await picture(page, "held-still");

  await own("DELETE", "/restriction");
  await again.locator("#message:enabled").waitFor();
  await reachInChat(page, again.getByRole("textbox", { name: "Message" }));
  await page.keyboard.type("And on Monday?");
  await page.keyboard.press("Enter");
  await again.locator('#log [data-origin="visitor"]').filter({ hasText: "And on Monday?" }).waitFor();
  await again.locator('#log [data-origin="ai"], #log [data-origin="system"]').nth(1).waitFor();
  assert.equal(await again.getByText(HELD).count(), 0, "lifted");
  await page.context().close();
});

test("B9: all six rights begin at the chat's own link, by keyboard alone", async () => {
  const { page, frame } = await chatByKeyboard("What time is breakfast?");
  await pressInChat(page, frame.getByRole("button", { name: "About this chat" }), "Shift+Tab");
  const link = frame.getByRole("link", { name: "Privacy and your rights" });
  await link.waitFor();
  const [tab] = await Promise.all([page.context().waitForEvent("page"), pressInChat(page, link)]);
  await tab.getByRole("region", { name: "Held now" }).waitFor();
  assert.ok(tab.url().includes("/privacy/") && !tab.url().includes("#"), "the code left the address");
  assert.equal(await tab.evaluate(() => window.opener), null, "the page knows nothing of the chat's");

  await press(tab, "Show");
  await tab.getByText("What time is breakfast?").first().waitFor();
  await press(tab, "Hide");

  const download = tab.waitForEvent("download");
  await press(tab, "Download");
  const bytes = await readFile(await (await download).path());
  assert.equal(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004");
  await says(tab, "Saved as my-data.zip.");

  await press(tab, "Correct");
  await tab.locator("#correct-panel").waitFor();
  await reach(tab, "What it should say");
  await tab.keyboard.type("When is breakfast on Sunday?");
  await press(tab, "Send the correction");
  await says(tab, "Corrected.");

  await press(tab, "Restrict");
  await says(tab, "Held still since");
  // The chat that it began in hears of it by itself, behind what is open there.
  await frame.getByText(HELD).first().waitFor({ state: "attached" });
  await press(tab, "Lift it");
  await says(tab, "Lifted.");

  await press(tab, "Choose");
  await reach(tab, "being counted in statistics");
  await tab.keyboard.press("Space");
  await press(tab, "Object");
  await says(tab, "Noted and in force.");

  await press(tab, "Erase…");
  await press(tab, "Erase now");
  await tab.getByRole("region", { name: "Receipt" }).waitFor();
  assert.match(await tab.locator("#receipt-key").textContent(), /^era_[0-9a-z]{26}\n\S{40,}$/);
  // What was erased leaves the chat's own screen, too.
  await frame.locator("#log").getByText("What time is breakfast?").first().waitFor({ state: "detached" });
  await page.context().close();
});
