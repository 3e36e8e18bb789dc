// The numbers in the dashboard: what visitors asked is counted, a question without an answer becomes knowledge, and everything
// is reached by keyboard, in both themes, on a phone.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { until } from "../workerd/harness.mjs";
import { ask, demo, entry, open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pictures of each state go, for whoever wants to look at them. */
const PICTURES = process.env.PICTURES;
const BUSINESS = demo.business.id;

let world;
let owner;
before(async () => {
  world = await open({ home: true });
  owner = await person();
  await owner.goto(`${world.edge}/dev/sign-in`);
});
after(() => world?.close());

async function person(options = {}) {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  return page;
}

async function picture(page, name) {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

/** Comes to the numbers afresh: what was there before is not shown. */
async function numbers(page) {
  await page.goto(`${world.edge}/app/#/${BUSINESS}/team`);
  await page.goto(`${world.edge}/app/#/${BUSINESS}/numbers`);
  await page.getByRole("heading", { level: 1, name: "Numbers" }).waitFor();
  await until(async () => (await page.locator(".waiting").count()) === 0, "the numbers to come");
}

const figure = (page, name) => page.locator(".figures > div", { has: page.getByText(name, { exact: true }) }).locator("dd").first();

test("before anybody has written, the page says what to do", async () => {
  await numbers(owner);
  await owner.getByText("No conversation began in this period.").waitFor();
  assert.match(await owner.getByRole("link", { name: "To the first steps" }).getAttribute("href"), /overview$/);
  await owner.getByText("No question waits.").waitFor();
  await picture(owner, "numbers-empty");
});

test("what visitors ask is counted, and how content they are", async () => {
  for (const [text, score] of [["When is breakfast?", 5], ["Do you sell submarines?", 4]]) {
    const visitor = await world.visit();
    const frame = await world.chat(visitor);
    await ask(frame, text);
    const { conversation, token } = await entry(visitor);
    const answer = await world.deployment.fetch(`/v1/widget/conversations/${conversation}/satisfaction`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ score, comment: `A comment with ${score} stars` }),
    });
    assert.equal(answer.status, 204);
    await visitor.context().close();
  }
  await numbers(owner);
  assert.equal(await figure(owner, "Conversations").innerText(), "2");
  assert.equal(await figure(owner, "With a question that found no answer").innerText(), "1");
  assert.equal(await figure(owner, "Satisfaction").innerText(), "4.5 of 5");
  const chart = owner.getByRole("img", { name: /^Conversations by day: most on .+, 2\.$/ });
  await chart.waitFor();
  await picture(owner, "numbers");
});

test("each chart has its table, which opens by keyboard, and each table its files", async () => {
  const summary = owner.locator("summary", { hasText: "Conversations by day" });
  await summary.focus();
  await owner.keyboard.press("Enter");
  const table = owner.getByRole("region", { name: "Conversations by day" });
  await table.waitFor();
  assert.equal(await table.locator("tbody tr").count(), 30);
  assert.equal(await table.locator("tbody tr").first().locator("td").first().innerText(), "2");
  const link = owner.getByRole("link", { name: "Download as CSV: Conversations by day" });
  const file = await owner.evaluate(async (address) => {
    const answer = await fetch(address);
    return [answer.status, answer.headers.get("content-disposition"), await answer.text()];
  }, await link.getAttribute("href"));
  assert.equal(file[0], 200);
  assert.match(file[1], /^attachment; filename="loquet-days-/);
  assert.equal(file[2].trim().split("\r\n").length, 31);
});

test("another period is shown in place of the first", async () => {
  await owner.getByText("7 days", { exact: true }).click();
  await until(async () => (await owner.locator(".chart svg").first().getAttribute("viewBox")) === "0 0 70 1000", "seven bars");
  assert.equal(await figure(owner, "Conversations").innerText(), "2");
});

test("a question without an answer is opened, answered, and gone from the list; the next visitor gets the answer", async () => {
  await owner.getByRole("button", { name: "Open 1 question" }).click();
  await owner.getByText("Do you sell submarines?").waitFor();
  await owner.getByRole("button", { name: "Write an answer" }).click();
  await picture(owner, "numbers-question");
  await owner.getByRole("button", { name: "Add to the knowledge" }).click();
  await owner.getByText("This needs 1 to 8,000 characters.").waitFor();
  await owner.getByLabel("The question, in your words").fill("Submarines");
  await owner.getByLabel("Your answer").fill("Submarines are sold at the pier on Sundays.");
  await owner.getByRole("button", { name: "Add to the knowledge" }).click();
  await owner.getByText("The answer is in the knowledge.").waitFor();
  await owner.getByText("No question waits.").waitFor();
  const visitor = await world.visit();
  const frame = await world.chat(visitor);
  const answer = await ask(frame, "Do you sell submarines?");
  assert.match(await answer.innerText(), /at the pier on Sundays/);
  await visitor.context().close();
});

test("what visitors said is opened on request, and says until when it is there", async () => {
  await owner.getByRole("button", { name: "Open what they said" }).click();
  await owner.getByText("A comment with 5 stars").waitFor();
  assert.match(await owner.locator(".words .about").first().innerText(), /goes on /);
  await picture(owner, "numbers-comments");
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 375]) {
    test(`axe finds nothing on the numbers, ${colorScheme}, ${width} wide, and the page is no wider`, async () => {
      const storageState = await owner.context().storageState();
      const page = await person({ colorScheme, storageState, viewport: { width, height: 800 } });
      await numbers(page);
      for (const summary of await page.locator("summary").all()) await summary.click();
      await page.getByRole("button", { name: "Open what they said" }).click();
      await page.locator(".words").first().waitFor();
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
      );
      assert.deepEqual(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(" ")}`), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      await picture(page, `numbers-${colorScheme}-${width}`);
      assert.deepEqual(page.problems, []);
      await page.context().close();
    });
  }
}
