// The privacy centre by keyboard alone: a visitor proves the chat by the code in the fragment, then sees, takes, corrects,
// holds still, objects and erases. No pointer is used, nothing is stored, and nothing is asked of anybody else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { HOST, mintId } from "../workerd/harness.mjs";
import { demo, open } from "./harness.mjs";

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
