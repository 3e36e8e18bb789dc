// Draws the pictures of `docs/dashboard.md` from the demo, in both themes: `node tests/browser/pictures.mjs` after a build. It is
// no test; it exists so that the pictures can be drawn anew when the pages change.

import { mkdirSync } from "node:fs";
import { until, Visitor } from "../workerd/harness.mjs";
import { demo, open } from "./harness.mjs";

const FOLDER = new URL("../../docs/images/", import.meta.url).pathname;
const home = `#/${demo.business.id}`;

const world = await open({ home: true });
mkdirSync(FOLDER, { recursive: true });

/** Visitors as a small hotel has them. */
const said = [
  ["What time is breakfast?"],
  ["Peut-on venir avec un chien ?", { locale: "fr" }],
  ["Do you have a charging station for electric cars?"],
  ["Is there a lift?"],
  ["How do I get to you from the station?"],
  ["Could somebody hold a table by the window for six on Saturday?"],
];
const visitors = [];
for (const [text, options] of said) {
  const visitor = new Visitor(world.deployment, undefined, `203.0.113.${visitors.length + 1}`);
  await visitor.write(text, options);
  await visitor.answered();
  visitors.push(visitor);
}
const last = visitors.at(-1);
for (const visitor of [visitors[2], visitors[4], last]) {
  await world.deployment.call("POST", `/v1/widget/conversations/${visitor.conversation}/person`, visitor.token);
}
for (const [visitor, score] of [[visitors[0], 5], [visitors[1], 5], [visitors[3], 3]]) {
  await world.deployment.fetch(`/v1/widget/conversations/${visitor.conversation}/satisfaction`, {
    method: "POST",
    headers: { authorization: `Bearer ${visitor.token}`, "content-type": "application/json" },
    body: JSON.stringify({ score }),
  });
}
await world.deployment.call("POST", `/v1/privacy/sites/${demo.site.id}/reports`, null, { words: "My son wrote as Leo; please look at it." });

const context = await world.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB" });
const page = await context.newPage();
await page.goto(`${world.edge}/dev/sign-in`);
await page.goto(`${world.edge}/app/${home}/inbox/${last.conversation}`);
await page.getByRole("button", { name: "Take over" }).click();
const reply = page.getByRole("textbox", { name: "Reply" });
await reply.fill("With pleasure: the round table by the window, Saturday at half past seven. Shall I put it under your name?");
await page.keyboard.press("Enter");
await page.locator('[data-origin="human"]').first().waitFor();
await last.write("Yes please, under Berger. Thank you!");

const pages = [
  ["overview", "overview"],
  ["inbox", `inbox/${last.conversation}`],
  ["numbers", "numbers"],
  ["site", `sites/${demo.site.id}/settings`],
  ["knowledge", "knowledge"],
  ["requests", "requests"],
];
for (const colorScheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme });
  for (const [name, rest] of pages) {
    await page.goto(`${world.edge}/app/${home}/team`);
    await page.goto(`${world.edge}/app/${home}/${rest}`);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await until(async () => (await page.locator(".waiting").count()) === 0, `${name} to fill`);
    await page.waitForTimeout(800);
    await page.screenshot({ path: `${FOLDER}${name}-${colorScheme}.png` });
  }
}
await world.close();
