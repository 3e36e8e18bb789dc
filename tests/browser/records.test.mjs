// How a team keeps what visitors were promised: until when, what persons asked for, receipts, the ledger of consent, the
// notice with its recipients, the data map; and how somebody takes their own data along, and leaves.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { mintId, until, Visitor } from "../workerd/harness.mjs";
import { demo, open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const business = demo.business.id;
const DAY_MS = 86_400_000;

let world;
let page;
let guest;
before(async () => {
  world = await open({ home: true });
  guest = new Visitor(world.deployment);
  await guest.write("What time is breakfast?");
  await guest.answered();
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", acceptDownloads: true });
  page = await context.newPage();
  page.requests = [];
  page.problems = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  await page.goto(`${world.edge}/dev/sign-in`);
  await page.goto(`${world.edge}/app/`);
  await until(async () => (await page.evaluate(() => location.hash)).split("/").length > 2, "a business's page");
});
after(() => world?.close());

const go = async (hash, name) => {
  await page.goto(`${world.edge}/app/#/${business}/${hash}`);
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
};
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const confirm = (name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
const says = (text) => page.getByText(text).first().waitFor();
const download = async (name) => {
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name }).click();
  return readFile(await (await waiting).path(), "utf8");
};

test("B6: a shorter limit shows what would go, is asked for, and is undone within the day", async () => {
  const { SHARD_0: shard } = await world.deployment.env();
  // What was written forty days ago is what a month's limit would take.
  const written = "WHERE conversation = ? AND sequence = 1";
  const { created_at: then } = await shard.prepare(`SELECT created_at FROM message ${written}`).bind(guest.conversation).first();
  const date = (at) => shard.prepare(`UPDATE message SET created_at = ? ${written}`).bind(at, guest.conversation).run();
  await date(then - 40 * DAY_MS);
  await go("retention", "Retention");
  await says("Each message goes 12 months after it was written.");
  await page.getByRole("button", { name: /^Change the retention of/ }).click();
  await page.getByLabel("Days").fill("400");
  await press("Show what would go");
  await says("Longer than twelve months is refused");
  assert.equal(await page.evaluate(() => document.activeElement.id), "limit-days");
  await page.getByLabel("Days").fill("30");
  await press("Show what would go");
  await says(/^1 message would go, the oldest from/);
  await press("Set this limit…");
  await page.getByRole("dialog").getByText("It takes effect in 24 hours.").waitFor();
  await confirm("Set the limit");
  await says(/^The limit changes on/);
  await says(/^From .*: 30 days\. Until then you can undo it\.$/);
  await press("Undo");
  await says("The limit stays as it is.");
  await until(async () => (await page.getByText("Until then you can undo it.").count()) === 0, "the change to be gone");
  await date(then);
});

test("P6.8: a request that came by phone is entered, extended and refused, with its clock and the authority", async () => {
  await go("requests", "Requests");
  await says("Nobody has asked for anything yet.");
  await page.getByText("Enter a request", { exact: true }).click();
  await page.getByLabel("How it came").selectOption("phone");
  await page.getByLabel("Asked on").fill("2040-01-01");
  await press("Enter the request");
  await says("Choose the day on which it was asked; not later than today.");
  await page.getByLabel("Asked on").fill(new Date(Date.now() - 4 * DAY_MS).toISOString().slice(0, 10));
  await page.getByLabel("What was said").fill("Grace called: <b>what</b> do you hold about me?");
  await press("Enter the request");
  await says("The request is entered. Its clock runs.");
  await says(/2[56] of 30 days left/);
  await page.getByRole("button", { name: /^Look at it: A copy of the data/ }).click();
  await says("Grace called: <b>what</b> do you hold about me?");
  await press("Extend by 60 days");
  await says(/8[56] of 90 days left/);
  await says("Extended by 60 days. The request is complex.");
  await page.getByRole("button", { name: /^Look at it: A copy of the data/ }).click();
  assert.equal(await page.getByRole("button", { name: "Extend by 60 days" }).count(), 0, "once");
  await page.getByLabel("Reason").selectOption("not_identified");
  await press("Refuse…");
  await confirm("Refuse it");
  await says(/^Refused on .* Nobody can tell whose data is meant\.$/);
  await page.getByRole("button", { name: /^Look at it: A copy of the data/ }).click();
  await page.getByRole("link", { name: "CNIL" }).waitFor();
  await says("Nothing waits for an answer.");
});

test("P10: a report of a child’s data stands among the requests by itself", async () => {
  const report = { words: "My son wrote as Leo" };
  await world.deployment.call("POST", `/v1/privacy/sites/${demo.site.id}/reports`, null, report);
  await page.reload();
  await page.getByRole("button", { name: /^Look at it: Report of a child’s data/ }).click();
  await says("My son wrote as Leo");
  await says("It names no conversation, so nothing is erased by itself.");
});

test("K6: a request is entered from its conversation, and meeting it erases", async () => {
  await page.goto(`${world.edge}/app/#/${business}/inbox/${guest.conversation}`);
  const card = page.getByRole("complementary", { name: "What is held" });
  await card.getByText("Enter a request about this").click();
  assert.equal(await card.getByLabel("How it came").inputValue(), "phone");
  await card.getByLabel("What is asked for").selectOption("erasure");
  await press("Enter the request");
  await says("The request is entered.");
  await card.getByText(/(29|30) of 30 days left/).waitFor();
  await card.getByRole("link", { name: "Erasure" }).click();
  await page.getByRole("heading", { level: 1, name: "Requests" }).waitFor();
  await page.getByText("Enter a request", { exact: true }).click();
  await page.getByLabel("Conversation").fill(mintId("cnv"));
  await press("Enter the request");
  await says("There is no such conversation in this business.");
  await page.getByLabel("Conversation").fill(`${world.edge}/app/#/${business}/inbox/${guest.conversation}`);
  await press("Enter the request");
  await says("The request is entered.");
  await page.getByRole("button", { name: /^Look at it: Erasure/ }).click();
  await press("Erase…");
  await page.getByRole("dialog").getByText("One conversation goes at once and for good").waitFor();
  await confirm("Erase it");
  await says("The request is met.");
  await assert.rejects(guest.read(), ({ problem }) => problem.type === "urn:loquet:problem:not-found");
  await page.getByRole("button", { name: /^Look at it: Erasure/ }).click();
  await page.getByRole("link", { name: "To its receipt" }).click();
  await page.getByRole("heading", { level: 1, name: "Receipts" }).waitFor();
  await says("At the person’s request,");
});

test("B8: the ledger shows each choice with its exact words, and leaves as a file", async () => {
  await go("consents", "Consent");
  await says("No visitor has chosen anything yet.");
  const { consent } = await world.deployment.call("GET", `/v1/widget/sites/${demo.site.id}?locale=fr`);
  const other = new Visitor(world.deployment);
  await other.write("Bonjour, le petit-déjeuner ?", { locale: "fr" });
  await world.deployment.call("POST", `/v1/widget/sites/${demo.site.id}/consents`, other.visitorToken, {
    id: mintId("cns"), purpose: "statistics", choice: "declined", way: "strip", version: consent.version, hash: consent.hash, locale: "fr",
  });
  await page.reload();
  await page.getByText(/^Edition \d+, French$/).click();
  await says(consent.question);
  const csv = await download(/^Download as CSV/);
  assert.ok(csv.includes("declined,statistics,strip") && csv.includes(consent.question));
});

test("P5.7, P11: who is responsible, what visitors read and since when, and who receives something", async () => {
  await go("notices", "Notice and recipients");
  await says(demo.business.officer);
  await says("Cloudflare");
  const notice = page.getByRole("link", { name: /^Read the notice of/ });
  assert.equal(await notice.getAttribute("href"), `/privacy/${demo.site.id}`);
});

test("B7: the data map stands on a page and leaves as JSON", async () => {
  await go("data-map", "Data map");
  await page.getByText("shard.message", { exact: true }).click();
  await page.locator("details[open]").getByText("sealed").first().waitFor();
  const map = JSON.parse(await download("Download as JSON"));
  assert.ok(map.entries.some(({ table }) => table === "shard.message"));
});

test("P6.8: one’s own data is exported in the profile, and one sees what one did", async () => {
  await page.goto(`${world.edge}/app/#/me`);
  await page.getByRole("heading", { level: 1, name: "Profile" }).waitFor();
  const copy = await download("Export my data");
  assert.ok(copy.startsWith("PK") && copy.includes("loquet-account-1"), "a ZIP with the whole copy in it");
  await press("Show what I did");
  await says("refused a request");
});

test("P4.6: an account and a business have thirty days, in which either is kept after all", async () => {
  await press("Delete my account…");
  await page.getByRole("dialog").getByText(demo.business.name).waitFor();
  await confirm("Delete it in 30 days");
  await says(/^Your account goes on .* \((30|29) days left\)/);
  await press("Keep my account");
  await says("Nothing is deleted. Everything stays as it is.");
  await page.getByRole("button", { name: "Delete my account…" }).waitFor();
  await go("business", "Business");
  await press("Delete the business…");
  await confirm("Delete it in 30 days");
  await says(/^This business goes on/);
  await press("Keep the business");
  await page.getByRole("button", { name: "Delete the business…" }).waitFor();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on these pages, ${colorScheme}, and none is wider than a phone`, async () => {
    const state = await page.context().storageState();
    for (const width of [1440, 375]) {
      const context = await world.browser.newContext({ viewport: { width, height: 800 }, colorScheme, storageState: state, locale: "en-GB" });
      const inside = await context.newPage();
      const sections = ["requests", "retention", "receipts", "consents", "notices", "data-map", "business"];
      for (const hash of [...sections.map((section) => `${business}/${section}`), "me"]) {
        await inside.goto(`${world.edge}/app/#/${hash}`);
        await inside.getByRole("heading", { level: 1 }).waitFor();
        await until(async () => (await inside.locator(".waiting").count()) === 0, "the page to fill");
        // Everything that unfolds is looked at unfolded.
        await inside.locator("summary").evaluateAll((all) => all.forEach((summary) => (summary.parentElement.open = true)));
        const folded = inside.locator('main .row [aria-expanded="false"]');
        if (await folded.count()) await folded.first().click();
        await inside.evaluate(axe);
        const { violations } = await inside.evaluate(() =>
          window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
        );
        assert.deepEqual(violations.map(({ id, nodes }) => `${hash}: ${id} ${nodes.map(({ html }) => html).join(" ")}`), []);
        assert.equal(await inside.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${hash} is wider than ${width}`);
        if (process.env.PICTURES) {
          await inside.screenshot({ path: `${process.env.PICTURES}/${hash.split("/").at(-1)}-${colorScheme}-${width}.png`, fullPage: true });
        }
      }
      await context.close();
    }
  });
}

test("P5.6: nobody else was asked for anything, and nothing broke on the way", () => {
  assert.deepEqual(page.requests.filter((url) => !url.startsWith(world.edge) && !url.startsWith("blob:")), []);
  // The refusals above are answers of the edge, which a browser notes as well.
  assert.deepEqual(page.problems.filter((text) => !/40[0-9]|422/.test(text)), []);
});
