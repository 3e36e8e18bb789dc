// A team in its dashboard: signs up, invites, changes roles, makes a token and a passkey, signs devices out. Codes and
// links come from the outbox, as from a mailbox.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { until } from "../workerd/harness.mjs";
import { open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OWNER = "claire@maison.example";
const GUEST = "ines@maison.example";

let world;
let owner;
before(async () => {
  world = await open({ home: true, vars: { OPERATOR_EMAIL: OWNER } });
  owner = await person();
});
after(() => world?.close());

/** Somebody at a browser of their own. */
async function person(options = {}) {
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.requests = [];
  page.problems = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  return page;
}

/** What the newest mail of a kind to an address says. `after` is the id of one that was read before. */
async function mail(kind, to, after = "") {
  return until(async () => {
    const outbox = await (await world.deployment.fetch("/dev/outbox")).json();
    return outbox.find((mail) => mail.kind === kind && mail.to === to && mail.text && mail.id > after);
  }, `a mail ${kind} to ${to}`);
}

const digits = (letter) => letter.subject.match(/\d{6}/)[0];

/** Signs in by a code, from the page of the door. */
async function signIn(page, email, fragment = "") {
  await page.goto(`${world.edge}/app/${fragment}`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send me a code" }).click();
  await page.getByRole("heading", { name: "Look into your mailbox" }).waitFor();
  await page.getByLabel("Six digits").fill(digits(await mail("sign_in_code", email)));
  await page.getByRole("button", { name: "Go on" }).click();
  await page.getByRole("navigation").waitFor({ state: "attached" });
}

const go = (page, name) => page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

test("signing up takes four lines, two documents and a code, and leads to the first steps", async () => {
  await owner.goto(`${world.edge}/app/`);
  await owner.getByRole("link", { name: "Open an account" }).click();
  await heading(owner, "Open an account");
  const asked = await owner.locator("form :is(input, select)").evaluateAll((fields) => fields.map((field) => field.id));
  assert.deepEqual(asked, ["name", "email", "business", "kind", "agreement"], "P2.1: nothing else is asked");
  await owner.getByLabel("Your name").fill("Claire Besson");
  await owner.getByLabel("E-mail address").fill(OWNER);
  await owner.getByLabel("Name of the business").fill("Maison <b>Lumière</b>");
  await owner.getByRole("button", { name: "Open the account" }).click();
  await owner.getByText("Without agreement to both").waitFor();
  for (const name of ["terms of service", "data processing agreement"]) {
    const link = owner.getByRole("link", { name });
    const shown = await world.deployment.fetch(await link.getAttribute("href"));
    assert.equal(shown.status, 200, name);
  }
  await owner.getByRole("checkbox").check();
  await owner.getByRole("button", { name: "Open the account" }).click();
  await heading(owner, "Look into your mailbox");
  await owner.getByLabel("Six digits").fill("000000");
  await owner.getByRole("button", { name: "Go on" }).click();
  await owner.getByText("That code does not work").waitFor();
  await owner.getByLabel("Six digits").fill(digits(await mail("sign_up_code", OWNER)));
  await owner.getByRole("button", { name: "Go on" }).click();
  await heading(owner, "Maison <b>Lumière</b>");
});

/** A step of the list by its title, as it stands at the moment. */
const step = (page, title) => page.locator(".step", { has: page.getByRole("heading", { level: 3, name: title }) });

test("the first steps, each marked by its own fact, lead to a chat that answers from one's own words on one's own page", async () => {
  await owner.getByText("It answers nowhere yet.").waitFor();
  await owner.getByText("1 of 7 done").first().waitFor();
  await owner.getByLabel("Address of your page").fill("not a page");
  await owner.getByRole("button", { name: "Allow this address" }).click();
  await owner.getByText("This is not the address of a page.").waitFor();
  await owner.getByLabel("Address of your page").fill(`${world.hostOrigin}/rooms?x=1`);
  await owner.getByRole("button", { name: "Allow this address" }).click();
  await owner.getByText("It answers nowhere yet.").waitFor({ state: "detached" });
  await owner.getByText("2 of 7 done").first().waitFor();
  const teaches = step(owner, "Teach it an answer");
  await teaches.getByRole("textbox", { name: "Question" }).fill("What time is breakfast?");
  await teaches.getByRole("button", { name: "Add the entry" }).click();
  await teaches.getByText("This needs 1 to 8,000 characters.").waitFor();
  await teaches.getByRole("textbox", { name: "Answer" }).fill("Breakfast is served from 7:40 to 10:10 in the winter garden.");
  await teaches.getByRole("button", { name: "Add the entry" }).click();
  await teaches.getByText("It has something of yours to answer with.").waitFor();
  await owner.getByText("3 of 7 done").first().waitFor();
  const snippet = await owner.getByRole("group", { name: "The line to paste" }).innerText();
  const policy = (await owner.getByRole("group", { name: "Sources for the policy" }).innerText()).replace(/\s+/g, " ");
  world.pages.set("/own", {
    html: `<!doctype html><html lang="en"><title>Own</title><body><h1>My page</h1>${snippet}</body></html>`,
    headers: { "content-security-policy": `default-src 'none'; ${policy}` },
  });
  // The line is the site's own: with its colour, as the settings say.
  assert.match(snippet, /data-color="#[0-9a-f]{6}"/);
  const puts = step(owner, "Put the chat on your page");
  await puts.getByLabel("Address of a page of yours").fill(`${world.hostOrigin}/own`);
  await puts.getByRole("button", { name: "Look at the page" }).click();
  await puts.getByText("Found on your page on").waitFor();
  await owner.getByText("4 of 7 done").first().waitFor();
  const visitor = await person();
  await visitor.goto(`${world.hostOrigin}/own`);
  const frame = await world.chat(visitor);
  await frame.getByRole("textbox", { name: "Message" }).fill("What time is breakfast?");
  await frame.getByRole("button", { name: "Send" }).click();
  // Its own words with their source, not a sentence that nothing was found.
  const answer = frame.locator('#log [data-origin="ai"]').first();
  await answer.getByText("7:40 to 10:10").waitFor();
  await answer.getByText("What time is breakfast?").first().waitFor();
  // Hours that were only filled in are nobody's word: no person is promised.
  assert.equal(await frame.locator("#presence").textContent(), "AI now");
  await visitor.context().close();
  await owner.reload();
  await step(owner, "Ask it something").getByText("A visitor has written to you").waitFor();
  await owner.getByText("5 of 7 done").first().waitFor();
});

test("people are promised once somebody said when they are there, and a question to tap that nothing answers is named", async () => {
  const hours = step(owner, "When are people there?");
  await hours.getByText("visitors are promised nobody").waitFor();
  await hours.getByRole("link", { name: "Look at the hours" }).click();
  await owner.locator("#zone:focus").waitFor();
  await owner.getByText("These are usual hours of a house like yours.").waitFor();
  const open = owner.locator(".note", { hasText: "Nothing that you wrote answers these yet" });
  await open.waitFor();
  assert.equal(await open.getByText("breakfast").count(), 0, "that one is answered");
  await owner.getByLabel("People are there at these hours").check();
  await owner.getByRole("button", { name: "Save", exact: true }).click();
  await owner.getByText("Saved.").waitFor();
  const asked = await open.locator("bdi").first().textContent();
  await open.getByRole("link", { name: "Write the answer" }).first().click();
  await heading(owner, "Knowledge");
  assert.equal(await owner.locator("#new-title").inputValue(), asked);
  await go(owner, "Overview");
  await hours.getByText("Visitors are told when people answer.").waitFor();
  await owner.getByText("6 of 7 done").first().waitFor();
});

test("the profile says who is responsible, and the step is done", async () => {
  await owner.getByRole("link", { name: "Fill it in" }).click();
  await heading(owner, "Business");
  await owner.getByLabel("Legal entity and place").fill("Maison Lumière SARL, Cassis, France");
  await owner.getByLabel("How to reach you").fill("desk@maison.example");
  // None is guessed: a country names the authority that supervises.
  await owner.getByRole("button", { name: "Save" }).click();
  await owner.getByText("Choose a country.").waitFor();
  await owner.getByLabel("Country").selectOption({ label: "France" });
  await owner.getByRole("button", { name: "Save" }).click();
  await owner.getByText("Saved.").waitFor();
  await owner.getByText("data processing agreement", { exact: true }).waitFor();
  await go(owner, "Overview");
  await owner.getByText("Visitors can read whose chat it is").waitFor();
});

let guest;
test("a second person accepts an invitation on a browser of their own, and the link's secret leaves the address", async () => {
  await go(owner, "Team");
  await owner.getByLabel("E-mail address").fill(GUEST);
  await owner.getByRole("button", { name: "Send the invitation" }).click();
  await owner.getByText("The invitation is on its way.").waitFor();
  await owner.getByText("Open invitations").waitFor();
  const link = (await mail("invitation", GUEST)).text.match(/http\S+#\/invitation\/\S+/)[0];
  guest = await person();
  await guest.goto(link);
  await guest.getByText("asks ines@maison.example to join its team as Manager").waitFor();
  assert.equal(await guest.evaluate(() => location.hash), "#/invitation");
  await guest.getByLabel("Your name").fill("Inès Duval");
  await guest.getByRole("button", { name: "Join the team" }).click();
  await guest.getByText("You are in the team.").waitFor();
  // A manager sees no door that would not open.
  assert.equal(await guest.getByRole("link", { name: "API tokens" }).count(), 0);
  assert.equal(await guest.getByRole("link", { name: "Audit log" }).count(), 0);
});

test("a role is changed, and what the other one sees follows", async () => {
  await owner.reload();
  await owner.getByRole("button", { name: "Change the role of Inès Duval" }).click();
  await owner.getByRole("radio", { name: "Admin" }).check();
  await owner.getByRole("button", { name: "Save the role" }).click();
  await owner.getByText("The role is changed.").waitFor();
  await guest.reload();
  await guest.getByRole("navigation").getByRole("link", { name: "API tokens" }).waitFor();
});

test("a token is shown once, opens the API and is revoked", async () => {
  await go(owner, "API tokens");
  await owner.getByText("No token yet.").waitFor();
  await owner.getByLabel("What it is for").fill("Booking system");
  await owner.getByRole("button", { name: "Make the token" }).click();
  const token = await owner.getByRole("group", { name: "Token", exact: true }).innerText();
  const business = (await owner.evaluate(() => location.hash)).split("/")[1];
  const read = () => world.deployment.fetch(`/v1/admin/businesses/${business}`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await read()).status, 200);
  await owner.getByRole("button", { name: "I have copied it" }).click();
  await go(owner, "Team");
  await go(owner, "API tokens");
  assert.equal((await owner.content()).includes(token), false);
  await owner.getByRole("button", { name: "Revoke…" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
  await owner.getByText("The token is revoked.").waitFor();
  assert.equal((await read()).status, 401);
});

test("P8.2: the audit log says who did what, in names", async () => {
  await go(owner, "Audit log");
  await owner.getByRole("cell", { name: "made an API token" }).waitFor();
  await owner.getByRole("row").filter({ hasText: "Inès Duval" }).filter({ hasText: "joined the team" }).waitFor();
});

test("a passkey is added and then suffices", async () => {
  const session = await owner.context().newCDPSession(owner);
  await session.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await session.send("WebAuthn.addVirtualAuthenticator", { options: { ...options, automaticPresenceSimulation: true } });
  await go(owner, "Profile");
  await owner.getByText("No passkey yet.").waitFor();
  await owner.getByRole("button", { name: "Add a passkey" }).click();
  await owner.getByText("The passkey is added.").waitFor();
  await owner.getByRole("button", { name: /Claire Besson/ }).click();
  await owner.getByRole("button", { name: "Sign out", exact: true }).click();
  await heading(owner, "Sign in");
  await owner.getByRole("button", { name: "Use a passkey" }).click();
  // The first steps are done: home is where visitors write.
  await heading(owner, "Inbox");
});

test("a device is signed out from another one, whoever sits there is told at once, and stays where they were", async () => {
  const other = await person();
  await signIn(other, OWNER, `#/me`);
  await heading(other, "Profile");
  await go(other, "Team");
  await heading(other, "Team");
  await go(owner, "Profile");
  await owner.getByRole("button", { name: "Sign out…" }).first().waitFor();
  for (let left = await owner.getByRole("button", { name: "Sign out…" }).count(); left > 0; left--) {
    await owner.getByRole("button", { name: "Sign out…" }).first().click();
    await owner.getByRole("dialog").getByRole("button", { name: "Sign out", exact: true }).click();
    await until(async () => (await owner.getByRole("button", { name: "Sign out…" }).count()) === left - 1, "one device less");
  }
  // Nobody touches that page: its socket was closed and may not come back.
  await other.getByText("Your session has ended.").waitFor();
  assert.match(await other.evaluate(() => location.hash), /\/team$/);
  await other.context().close();
});

test("P7.1 K7: no cookie but the essential ones, nothing kept before it is chosen, one button clears it, and nobody else is asked", async () => {
  const kept = () => owner.evaluate(() => ({ cookie: document.cookie, local: { ...localStorage }, session: { ...sessionStorage } }));
  assert.deepEqual(await kept(), { cookie: "", local: {}, session: {} });
  const names = (await owner.context().cookies()).map(({ name, httpOnly, secure }) => [name, httpOnly, secure]);
  assert.deepEqual(names.sort(), [["__Host-loquet", true, true], ["__Host-loquet-browser", true, true]]);
  await go(owner, "Profile");
  assert.equal(await owner.getByRole("checkbox", { name: "Count how I use" }).isChecked(), false);
  await owner.locator(".segments").getByText("Dark", { exact: true }).click();
  assert.equal(await owner.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.deepEqual(Object.keys((await kept()).local), ["loquet"]);
  await owner.getByRole("button", { name: "Clear and sign out" }).click();
  await heading(owner, "Sign in");
  await owner.getByText("you are signed out").waitFor();
  assert.deepEqual((await kept()).local, {});
  assert.deepEqual(await owner.context().cookies(), [], "the cookies went by the same button");
  assert.equal(await owner.evaluate(() => document.documentElement.dataset.theme), "auto");
  await owner.getByRole("button", { name: "Use a passkey" }).click();
  await heading(owner, "Inbox");
  await go(owner, "Profile");
  await heading(owner, "Profile");
  assert.deepEqual(owner.requests.filter((url) => !url.startsWith(world.edge)), [], "P5.6");
});

test("another address is proved by a code, and can be taken back while it waits", async () => {
  await owner.getByLabel("New e-mail address").fill("claire@lumiere.example");
  await owner.getByRole("button", { name: "Send a code there" }).click();
  await owner.getByLabel("Six digits").fill(digits(await mail("email_change_code", "claire@lumiere.example")));
  await owner.getByRole("button", { name: "Go on" }).click();
  await owner.getByText("The new address is proved.").waitFor();
  await owner.getByText("claire@lumiere.example replaces it on").waitFor();
  await owner.getByRole("button", { name: "Keep the old address" }).click();
  await owner.getByText("The old address stays.").waitFor();
  await owner.getByText("claire@lumiere.example replaces it on").waitFor({ state: "detached" });
});

test("whoever runs the deployment sees businesses and jobs, and nobody else does", async () => {
  await go(owner, "Operation");
  await owner.getByRole("main").getByText("Maison <b>Lumière</b>").waitFor();
  await owner.getByRole("heading", { name: "Jobs" }).waitFor();
  await guest.goto(`${world.edge}/app/#/operator`);
  await heading(guest, "Nothing here");
  assert.equal(await guest.getByRole("link", { name: "Operation" }).count(), 0);
  await go(owner, "Profile");
});

test("P3.2: from every page one comes to whom to ask and what to read", async () => {
  await go(owner, "Help");
  await heading(owner, "Help");
  await owner.getByRole("heading", { name: "Who runs this deployment" }).waitFor();
  for (const link of await owner.getByRole("main").getByRole("link").all()) {
    const address = await link.getAttribute("href");
    if (address.startsWith("/")) assert.equal((await world.deployment.fetch(address)).status, 200, address);
  }
  await go(owner, "Profile");
});

test("a second business is opened, and going from one to the other closes the menu and shows the other one's pages", async () => {
  const menu = owner.getByRole("button", { name: /Claire Besson/ });
  await menu.click();
  await owner.getByRole("link", { name: "Open another business…" }).click();
  await heading(owner, "Open a business");
  await owner.getByText("Businesses", { exact: true }).waitFor({ state: "hidden" });
  await owner.getByLabel("Name of the business").fill("Second house");
  await owner.getByRole("checkbox").check();
  await owner.getByRole("button", { name: "Open the business" }).click();
  await heading(owner, "Second house");
  await go(owner, "Team");
  await owner.getByText("1 member", { exact: true }).waitFor();
  await menu.click();
  await owner.getByRole("link", { name: "Maison <b>Lumière</b>" }).click();
  await heading(owner, "Maison <b>Lumière</b>");
  await go(owner, "Team");
  await owner.getByText("2 members", { exact: true }).waitFor();
  assert.deepEqual(Object.keys(await owner.evaluate(() => ({ ...localStorage }))), ["loquet"], "K7: a choice is remembered");
  await go(owner, "Profile");
});

test("every language says the whole page", async () => {
  for (const [language, title] of [["fr", "Profil"], ["de", "Profil"], ["es", "Perfil"], ["en", "Profile"]]) {
    await owner.locator("#my-language").selectOption(language);
    await owner.locator("section").first().getByRole("button").last().click();
    await heading(owner, title);
    await until(() => owner.evaluate((language) => document.documentElement.lang === language, language), language);
  }
});

/** What a page asks the deployment for, by path: how many bytes came, and whether the browser had it already. */
async function loaded(context) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const files = new Map();
  const file = (id) => files.get(id) ?? files.set(id, { url: "", bytes: 0, kept: false, rule: "" }).get(id);
  session.on("Network.responseReceived", ({ requestId, response }) => {
    const rule = Object.entries(response.headers).find(([name]) => name.toLowerCase() === "cache-control")?.[1] ?? "";
    Object.assign(file(requestId), { url: response.url, rule });
    if (response.fromDiskCache) file(requestId).kept = true;
  });
  session.on("Network.requestServedFromCache", ({ requestId }) => (file(requestId).kept = true));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => (file(requestId).bytes = encodedDataLength));
  await session.send("Network.enable");
  await page.goto(`${world.edge}/app/`);
  await heading(page, "Inbox");
  await until(async () => (await page.locator(".waiting").count()) === 0, "the page to fill");
  await page.waitForLoadState("networkidle");
  await page.close();
  // The document names the files and is asked for each time, as is what people write; everything else is a file.
  return [...files.values()]
    .filter(({ url }) => url.startsWith(`${world.edge}/`))
    .map(({ url, ...rest }) => ({ path: new URL(url).pathname, ...rest }))
    .filter(({ path }) => path !== "/app/" && !path.startsWith("/v1/"));
}

test("a second load transfers nothing of what did not change", async () => {
  const storageState = await owner.context().storageState();
  const context = await world.browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", storageState });
  const first = await loaded(context);
  const second = await loaded(context);
  await context.close();
  for (const [what, ending] of [["the program", ".wasm"], ["its script", ".js"], ["its style", ".css"], ["its words", ".json"]]) {
    assert.ok(first.some(({ path, bytes }) => path.endsWith(ending) && bytes > 0), `${what} came at first: ${JSON.stringify(first)}`);
    assert.ok(second.some(({ path }) => path.endsWith(ending)), `${what} is needed again: ${JSON.stringify(second)}`);
  }
  // Each file's name says what is in it, so the browser need not even ask.
  assert.deepEqual(first.filter(({ rule }) => !/max-age=31536000.*immutable/.test(rule)), []);
  assert.deepEqual(second.filter(({ bytes, kept }) => bytes > 0 || !kept), []);
});

/** Pages inside, by the end of their address. */
const PAGES = ["overview", "team", "business", "tokens", "audit", "me", "help", "open", "operator"];

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing on any page, ${colorScheme}, and none is wider than a phone`, async () => {
    const state = await owner.context().storageState();
    const business = (await owner.goto(`${world.edge}/app/`), await heading(owner, "Inbox"), await owner.evaluate(() => location.hash)).split("/")[1];
    const check = async (page, name) => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() =>
        window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
      );
      const found = violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map(({ html }) => html).join(" ")}`);
      assert.deepEqual(found, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(wide, false, `${name} is wider than its window`);
    };
    for (const width of [1280, 375]) {
      const inside = await person({ colorScheme, storageState: state, viewport: { width, height: 800 } });
      for (const name of PAGES) {
        const address = ["me", "help", "open", "operator"].includes(name) ? `#/${name}` : `#/${business}/${name}`;
        await inside.goto(`${world.edge}/app/${address}`);
        await inside.getByRole("heading", { level: 1 }).waitFor();
        await until(async () => (await inside.locator(".waiting").count()) === 0, "the page to fill");
        await check(inside, `${name} ${width}`);
      }
      assert.deepEqual(inside.problems, []);
      await inside.context().close();
      const outside = await person({ colorScheme, viewport: { width, height: 800 } });
      for (const name of ["sign-in", "sign-up", "invitation", "stop"]) {
        await outside.goto(`${world.edge}/app/#/${name}`);
        await outside.getByRole("heading", { level: 1 }).waitFor();
        await until(async () => (await outside.locator(".waiting").count()) === 0, "the page to fill");
        await check(outside, `${name} ${width}`);
      }
      await outside.context().close();
    }
  });
}

test("by keyboard alone: the page is reached past the navigation, a dialog keeps the focus and gives it back", async () => {
  await go(owner, "Team");
  await heading(owner, "Team");
  await owner.getByRole("button", { name: "Leave…" }).focus();
  await owner.keyboard.press("Enter");
  const dialog = owner.getByRole("dialog");
  await dialog.waitFor();
  for (let presses = 0; presses < 4; presses++) await owner.keyboard.press("Tab");
  await owner.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(await owner.evaluate(() => document.activeElement?.textContent), "Leave…");
});

test("without a network what was there stays, and it says so", async () => {
  await owner.context().setOffline(true);
  await owner.getByText("No connection.").waitFor();
  await owner.getByText("Claire Besson").first().waitFor();
  await owner.context().setOffline(false);
  await owner.getByText("No connection.").waitFor({ state: "detached" });
});
