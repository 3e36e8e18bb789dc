// A team sets up its chat: a site's settings with the real chat beside the form, knowledge that answers, the snippet in its
// forms on a page with a policy, the look at that page, keys for AI providers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { until } from "../workerd/harness.mjs";
import { open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let world;
let page;
let business;
let site;
before(async () => {
  world = await open({ home: true });
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  page = await context.newPage();
  page.requests = [];
  page.problems = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  await page.goto(`${world.edge}/dev/sign-in`);
  await page.goto(`${world.edge}/app/`);
  await until(async () => (await page.evaluate(() => location.hash)).split("/").length > 2, "a business's page");
  business = (await page.evaluate(() => location.hash)).split("/")[1];
});
after(() => world?.close());

const go = async (hash, name) => {
  await page.goto(`${world.edge}/app/#/${business}/${hash}`);
  await page.getByRole("heading", { level: 1, name }).waitFor();
};
const preview = () => page.frameLocator("iframe");

test("the sites of a business are listed, and another one is opened", async () => {
  await go("sites", "Sites");
  await page.getByLabel("Name of the site").fill("Annexe");
  await page.getByRole("button", { name: "Open the site" }).click();
  await page.getByRole("heading", { level: 1, name: "Annexe" }).waitFor();
  await page.getByText("It answers nowhere yet.").waitFor();
  site = (await page.evaluate(() => location.hash)).split("/")[3];
});

test("beside the form stands the real chat, as it would be, and follows what is typed", async () => {
  await page.getByLabel("Greeting").fill("Welcome to the <b>annexe</b>.");
  await preview().getByText("Welcome to the <b>annexe</b>.").waitFor();
  await page.getByLabel("Questions to tap").fill("Where is the annexe?");
  await preview().getByText("Where is the annexe?").waitFor();
  // Words of one's own about statistics never stand alone.
  await page.getByLabel("Question about statistics").fill("May the annexe count you?");
  await preview().getByText("May the annexe count you?").waitFor();
  await preview().getByText("Chat works the same either way.").waitFor();
  const address = await page.locator("iframe").getAttribute("src");
  // Only the dashboard may show it, and nobody writes into it.
  const policy = (await world.deployment.fetch(new URL(address).pathname + new URL(address).search)).headers.get("content-security-policy");
  assert.match(policy, new RegExp(`frame-ancestors ${world.edge}$`));
  assert.equal(await page.locator(".screen").evaluate((element) => element.inert), true);
  assert.deepEqual(page.requests.filter((url) => !url.startsWith(world.edge)), [], "P5.6");
});

test("a colour is judged while it is typed", async () => {
  await page.getByLabel("Colour", { exact: true }).fill("#ffee00");
  await page.getByText("On light paper it becomes").waitFor();
  await page.getByLabel("Colour", { exact: true }).fill("yellow");
  await page.getByText("A colour is # and six digits").waitFor();
  await page.getByLabel("Colour", { exact: true }).fill("#8a3324");
  await page.getByText("On light paper it can be read as it is.").waitFor();
});

test("what makes no sense is said where it stands, and what makes sense is kept", async () => {
  await page.getByLabel("Monday").fill("in the morning");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("These are not hours.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "day-mon");
  await page.getByLabel("Monday").fill("8:00 – 12:30, 14:00-20:00");
  await page.getByLabel("Address of your page").fill(`${world.hostOrigin}/rooms`);
  await page.keyboard.press("Enter");
  await page.getByText(world.hostOrigin, { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Annexe" }).waitFor();
  assert.equal(await page.getByLabel("Monday").inputValue(), "08:00-12:30, 14:00-20:00");
  assert.equal(await page.getByLabel("Greeting").inputValue(), "Welcome to the <b>annexe</b>.");
  assert.equal(await page.getByLabel("Question about statistics").inputValue(), "May the annexe count you?");
});

test("whoever changed something and goes elsewhere is asked first, and stays where they choose to", async () => {
  const before = await page.evaluate(() => location.hash);
  const team = page.getByRole("navigation").getByRole("link", { name: "Team", exact: true });
  await page.getByLabel("Greeting").fill("Half a sent");
  await team.click();
  const asked = page.getByRole("dialog", { name: "Leave without saving?" });
  await asked.getByRole("button", { name: "Cancel" }).click();
  await asked.waitFor({ state: "hidden" });
  assert.equal(await page.evaluate(() => location.hash), before);
  assert.equal(await page.getByLabel("Greeting").inputValue(), "Half a sent");
  await team.click();
  await asked.getByRole("button", { name: "Leave without saving" }).click();
  await page.getByRole("heading", { level: 1, name: "Team" }).waitFor();
  await go(`sites/${site}/settings`, "Annexe");
  assert.equal(await page.getByLabel("Greeting").inputValue(), "Welcome to the <b>annexe</b>.");
  // What is saved is left without a question, and stays where it is while it is saved.
  await page.getByLabel("Greeting").fill("Once more: Welcome to the <b>annexe</b>.");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assert.equal(await page.getByLabel("Greeting").inputValue(), "Once more: Welcome to the <b>annexe</b>.");
  await team.click();
  await page.getByRole("heading", { level: 1, name: "Team" }).waitFor();
});

test("a page begins at its heading also where its part of the program comes later", async () => {
  const fresh = await page.context().newPage();
  await fresh.goto(`${world.edge}/app/#/${business}/sites`);
  await fresh.getByRole("heading", { level: 1, name: "Sites" }).waitFor();
  await until(() => fresh.evaluate(() => document.activeElement.localName === "h1"), "the focus on the heading");
  await fresh.getByRole("navigation").getByRole("link", { name: "Team", exact: true }).click();
  await fresh.getByRole("heading", { level: 1, name: "Team" }).waitFor();
  await until(() => fresh.evaluate(() => document.activeElement.textContent === "Team"), "the focus on the next one");
  // A picture that does not come is no failed start.
  await fresh.evaluate(() => new Promise((done) => {
    const image = new Image();
    image.onerror = () => setTimeout(done);
    image.src = "/app/none.png";
    document.body.append(image);
  }));
  assert.equal(await fresh.getByText("The dashboard could not start.").count(), 0);
  await fresh.close();
});

test("a page that is older than the deployment offers to load the newer one", async () => {
  const old = await page.context().newPage();
  await old.goto(`${world.edge}/app/#/${business}/team`);
  await old.getByRole("heading", { level: 1, name: "Team" }).waitFor();
  await old.route("**/*.wasm", (route) => route.fulfill({ status: 404 }));
  await old.route(`${world.edge}/app/`, (route) =>
    route.request().resourceType() === "fetch" ? route.fulfill({ contentType: "text/html", body: "<!doctype html>" }) : route.fallback());
  await old.getByRole("navigation").getByRole("link", { name: "Sites", exact: true }).click();
  await old.getByText("There is a newer version of the dashboard.").waitFor();
  await old.unrouteAll();
  await old.getByRole("button", { name: "Load it", exact: true }).click();
  await old.getByRole("heading", { level: 1, name: "Sites" }).waitFor();
  await old.close();
});

test("an entry of knowledge answers a tried question from the moment it is written, and is deleted", async () => {
  await go("knowledge", "Knowledge");
  await page.getByText("Add an entry", { exact: true }).click();
  await page.getByRole("radio", { name: "A question and its answer" }).check();
  await page.getByRole("textbox", { name: "Question", exact: true }).fill("Where is the sauna?");
  await page.getByRole("textbox", { name: "Answer", exact: true }).fill("The sauna is in the annexe, open from 16:00.");
  await page.getByRole("button", { name: "Add the entry" }).click();
  await page.getByText("Kept. The chat answers with it from now on.").waitFor();
  await page.getByLabel("A question, as a visitor asks it").fill("Do you have a sauna?");
  await page.getByRole("button", { name: "Test it" }).click();
  await page.getByText("The sauna is in the annexe, open from 16:00.").first().waitFor();
  await page.getByLabel("Look for words").fill("sauna");
  await page.getByRole("button", { name: "Search" }).click();
  await until(async () => (await page.locator(".rows > li").count()) === 1, "the one entry");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("The entry is deleted.").waitFor();
  await page.getByText("No entry holds these words.").waitFor();
});

const code = (name) => page.getByRole("group", { name, exact: true }).innerText();

test("B14: each form of the snippet runs on a page under the lines that go with it", async () => {
  await go(`sites/${site}/install`, "Annexe");
  const policy = (await code("Sources for the policy")).replace(/\s+/g, " ");
  for (const [name, summary] of [["The line to paste"], ["Pinned by its hash", true], ["For tag managers", "With a tag manager"]]) {
    if (summary) await page.locator("summary", { hasText: summary === true ? name : summary }).click();
    const snippet = await code(name);
    world.pages.set("/own", {
      html: `<!doctype html><html lang="en"><title>Own</title><body><h1>My page</h1>${snippet}</body></html>`,
      headers: { "content-security-policy": `default-src 'none'; ${policy}` },
    });
    const visitor = await (await world.browser.newContext()).newPage();
    await visitor.goto(`${world.hostOrigin}/own`);
    const frame = await world.chat(visitor);
    await frame.getByText("Welcome to the <b>annexe</b>.").waitFor();
    await visitor.context().close();
  }
});

test("the look at a page says that it runs, and what to change where it does not", async () => {
  const look = async (path) => {
    await page.getByLabel("Address of a page of yours").fill(`${world.hostOrigin}${path}`);
    await page.getByRole("button", { name: "Look at the page" }).click();
  };
  await look("/own");
  await page.getByText("It runs", { exact: true }).waitFor();
  world.pages.set("/closed", {
    html: world.pages.get("/own").html,
    headers: { "content-security-policy": "default-src 'self'" },
  });
  await look("/closed");
  await page.getByText("Something is missing").waitFor();
  await page.getByText(`script-src 'self' ${world.edge}`).waitFor();
  await page.getByText(`frame-src 'self' ${world.edge}`).waitFor();
  await page.getByLabel("Address of a page of yours").fill("https://192.168.1.1/");
  await page.getByRole("button", { name: "Look at the page" }).click();
  await page.getByText("Something here can’t be taken as it is.").waitFor();
});

test("the secret that names visitors is shown once", async () => {
  await page.getByRole("button", { name: "Make a secret" }).click();
  const secret = await code("Identity secret");
  assert.match(secret, /^lqi_/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByText("The secret was made on").waitFor();
  assert.equal((await page.content()).includes(secret), false);
});

test("a key for an AI provider goes in, and never comes out again", async () => {
  await go("ai", "AI providers");
  const card = page.locator("section", { hasText: "Anthropic" });
  await card.getByLabel("Your key").fill("sk-ant-canary-1234");
  await card.getByRole("button", { name: "Use this key" }).click();
  await page.getByText("The key is sealed and in use.").waitFor();
  assert.equal((await page.content()).includes("canary"), false);
  await page.reload();
  await card.getByText("with your key").waitFor();
  assert.equal((await page.content()).includes("canary"), false);
  await card.getByRole("button", { name: "Take away…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Take the key away" }).click();
  await page.getByText("The key is gone.").waitFor();
});

test("a system of the business's own is told a test, and the list says that it took it", async () => {
  world.pages.set("/hook", { html: "" });
  await go("webhooks", "Webhooks");
  await page.getByText("Nothing is told yet.").waitFor();
  await page.getByLabel("Address of your system").fill(`${world.hostOrigin}/hook`);
  await page.getByRole("button", { name: "Add the address" }).click();
  assert.match(await code("Signing secret"), /^whsec_/);
  await page.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("button", { name: /^Change http/ }).click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await until(async () => {
    await page.getByRole("button", { name: "What was told" }).click();
    return (await page.getByText("taken", { exact: true }).count()) === 1;
  }, "the test to be taken");
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on these pages, ${colorScheme}, and none is wider than a phone`, async () => {
    const state = await page.context().storageState();
    for (const width of [1440, 375]) {
      const context = await world.browser.newContext({ viewport: { width, height: 800 }, colorScheme, storageState: state, locale: "en-GB" });
      const inside = await context.newPage();
      for (const hash of ["sites", `sites/${site}/settings`, `sites/${site}/install`, "knowledge", "ai", "webhooks"]) {
        await inside.goto(`${world.edge}/app/#/${business}/${hash}`);
        await inside.getByRole("heading", { level: 1 }).waitFor();
        await until(async () => (await inside.locator(".waiting").count()) === 0, "the page to fill");
        await inside.locator("summary").evaluateAll((all) => all.forEach((summary) => (summary.parentElement.open = true)));
        await inside.evaluate(axe);
        const { violations } = await inside.evaluate(() =>
          // The preview is the chat itself, which has a test of its own.
          window.axe.run({ exclude: ["iframe"] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
        );
        assert.deepEqual(violations.map(({ id, nodes }) => `${hash}: ${id} ${nodes.map(({ html }) => html).join(" ")}`), []);
        assert.equal(await inside.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${hash} is wider than ${width}`);
      }
      await context.close();
    }
  });
}

test("nothing broke on the way", () => {
  // The one thing that the browser notes is the address above that nobody may look at.
  assert.deepEqual(page.problems, ["Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)"]);
});
