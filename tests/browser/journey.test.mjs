// The whole of it, once, as it happens: a business signs up on an empty deployment, puts the chat on its page, a visitor asks,
// the AI answers, a person takes over in a second browser; at the end the visitor says how it was, and the owner leaves.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { until } from "../workerd/harness.mjs";
import { ask, open } from "./harness.mjs";

const OWNER = "odile@auberge.example";
const MANAGER = "malik@auberge.example";

let world;
let owner;
let manager;
let visitor;
let chat;
let business;
before(async () => {
  world = await open({ home: true });
});
after(() => world?.close());

/** Somebody at a browser of their own. */
async function person() {
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", acceptDownloads: true });
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  return page;
}

const mail = (kind, to) =>
  until(async () => {
    const outbox = await (await world.deployment.fetch("/dev/outbox")).json();
    return outbox.find((mail) => mail.kind === kind && mail.to === to && mail.text);
  }, `a mail ${kind} to ${to}`);
const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const go = (page, rest, name) => page.goto(`${world.edge}/app/#/${business}/${rest}`).then(() => heading(page, name));
const log = (page) => page.getByRole("log", { name: "Conversation" });
const words = () => chat.getByRole("textbox", { name: "Message" });

test("an inn signs up, writes down what it knows, and puts the chat on its page", async () => {
  owner = await person();
  await owner.goto(`${world.edge}/app/`);
  await owner.getByRole("link", { name: "Open an account" }).click();
  await owner.getByLabel("Your name").fill("Odile Martin");
  await owner.getByLabel("E-mail address").fill(OWNER);
  await owner.getByLabel("Name of the business").fill("Auberge du Lac");
  await owner.getByRole("checkbox").check();
  await press(owner, "Open the account");
  await owner.getByLabel("Six digits").fill((await mail("sign_up_code", OWNER)).subject.match(/\d{6}/)[0]);
  await press(owner, "Go on");
  await heading(owner, "Auberge du Lac");
  business = (await owner.evaluate(() => location.hash)).split("/")[1];
  await owner.getByLabel("Address of your page").fill(world.hostOrigin);
  await press(owner, "Allow this address");
  await owner.getByText("It answers nowhere yet.").waitFor({ state: "detached" });
  // The first steps alone suffice: nothing is written elsewhere.
  await owner.getByRole("textbox", { name: "Question" }).fill("When can one swim in the lake?");
  await owner.getByRole("textbox", { name: "Answer" }).fill("The lake is open for swimming from June to September, from 8:00 to 20:00.");
  await press(owner, "Add the entry");
  await owner.getByText("It has something of yours to answer with.").waitFor();
  const snippet = await owner.getByRole("group", { name: "The line to paste" }).innerText();
  world.pages.set("/inn", { html: `<!doctype html><html lang="en"><title>Inn</title><h1>Auberge du Lac</h1>${snippet}</html>`, headers: {} });
  await owner.getByLabel("Address of a page of yours").fill(`${world.hostOrigin}/inn`);
  await press(owner, "Look at the page");
  await owner.getByText("Found on your page on").waitFor();
});

test("a visitor asks and the AI answers; then a person is asked for", async () => {
  visitor = await person();
  await visitor.goto(`${world.hostOrigin}/inn`);
  chat = await world.chat(visitor);
  const answer = await ask(chat, "When can we swim in the lake?");
  assert.match(await answer.innerText(), /June to September/);
  assert.equal(await answer.getAttribute("data-origin"), "ai");
  await chat.getByRole("button", { name: "Talk to a person" }).first().click();
  await chat.getByText("A person has been asked for.").waitFor();
});

test("a manager joins on a second browser, takes over, and both see each other write", async () => {
  await go(owner, "team", "Team");
  await owner.getByLabel("E-mail address").fill(MANAGER);
  await press(owner, "Send the invitation");
  await owner.getByText("The invitation is on its way.").waitFor();
  manager = await person();
  await manager.goto((await mail("invitation", MANAGER)).text.match(/http\S+#\/invitation\/\S+/)[0]);
  await manager.getByLabel("Your name").fill("Malik Diallo");
  await press(manager, "Join the team");
  await manager.getByText("You are in the team.").waitFor();
  await go(manager, "inbox", "Inbox");
  await manager.locator(".conversation").first().getByRole("link").click();
  await press(manager, "Take over");
  await chat.getByText("Malik Diallo has joined.").or(chat.getByText("has joined. From here on, a person answers.")).first().waitFor();
  await words().pressSequentially("And the", { delay: 30 });
  await manager.getByText("The visitor is writing").waitFor();
  const reply = manager.getByRole("textbox", { name: "Reply" });
  await reply.pressSequentially("Yes", { delay: 30 });
  await chat.locator("#live").waitFor();
  await reply.fill("Yes, and the boats are free for our guests.");
  await manager.keyboard.press("Enter");
  await chat.locator('#log [data-origin="human"]').getByText("the boats are free").waitFor();
  await words().fill("And the boats, lovely!");
  await words().press("Enter");
  await log(manager).locator('[data-origin="visitor"]').getByText("lovely").waitFor();
});

test("a note and a label stay in the house, the transcript leaves as a file, and the thread is closed", async () => {
  await go(owner, "replies", "Inbox settings");
  await owner.getByLabel("Name of the label").fill("summer");
  await press(owner, "Make the label");
  await owner.getByText("summer", { exact: true }).waitFor();
  await manager.reload();
  await manager.getByLabel("Add a label").selectOption({ label: "summer" });
  await manager.locator(".about .chip").getByText("summer").waitFor();
  await manager.locator(".composer-ways").getByRole("button", { name: "Note" }).click();
  await manager.getByRole("textbox", { name: "Note" }).fill("Two boats on Saturday.");
  await manager.keyboard.press("Enter");
  await log(manager).getByText("Two boats on Saturday.").waitFor();
  assert.equal(await chat.getByText("Two boats").count(), 0);
  const waiting = manager.waitForEvent("download");
  await manager.locator("#menu-more-button").click();
  await manager.getByRole("link", { name: "Download the transcript" }).click();
  const transcript = await readFile(await (await waiting).path(), "utf8");
  assert.ok(transcript.includes("June to September") && transcript.includes("the boats are free"));
  assert.ok(!transcript.includes("Two boats"), "what is handed out holds no notes");
  await manager.locator(".talk-head").getByRole("button", { name: "Close" }).click();
  await manager.getByText("Closed. It opens again").waitFor();
});

test("the visitor says how it was, and the numbers tell the owner", async () => {
  await chat.getByRole("heading", { name: "How was this chat?" }).waitFor();
  await chat.getByRole("radio").nth(4).check();
  await chat.getByRole("button", { name: "Send", exact: true }).first().click();
  await chat.getByText("Thank you.").waitFor();
  await go(owner, "numbers", "Numbers");
  await owner.getByText("5.0 of 5").first().waitFor();
});

test("the owner takes her data along, and can leave only when nobody is left behind", async () => {
  await owner.goto(`${world.edge}/app/#/me`);
  await heading(owner, "Profile");
  const waiting = owner.waitForEvent("download");
  await owner.getByRole("link", { name: "Export my data" }).click();
  const copy = await readFile(await (await waiting).path(), "latin1");
  assert.ok(copy.startsWith("PK") && copy.includes("loquet-account-1"), "a ZIP with the whole copy in it");
  // Who would be left behind is named, with the way to the team.
  const card = owner.locator("section.card", { hasText: "Malik Diallo" });
  await card.getByRole("link").click();
  await heading(owner, "Team");
  const member = owner.locator("li", { hasText: MANAGER });
  await member.getByRole("button", { name: /^Change/ }).click();
  await member.getByRole("button", { name: /^Remove/ }).click();
  await owner.getByRole("dialog").getByRole("button", { name: /^Remove/ }).click();
  await owner.getByText("Malik Diallo").waitFor({ state: "detached" });
  await owner.goto(`${world.edge}/app/#/me`);
  await press(owner, "Delete my account…");
  await owner.getByRole("dialog").getByRole("button", { name: "Delete it in 30 days", exact: true }).click();
  await owner.getByText(/^Your account goes on .* days left\)/).waitFor();
  assert.deepEqual([owner.problems, manager.problems, visitor.problems], [[], [], []]);
});
