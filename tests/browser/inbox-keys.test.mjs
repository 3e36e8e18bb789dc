// The keys of the desk that move, take, write, mark and ask a machine, each pressed and each seen to do it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import { until, Visitor } from "../workerd/harness.mjs";
import { demo, open } from "./harness.mjs";

const INBOX = `#/${demo.business.id}/inbox`;
const WORDS = "Bien sûr, avec plaisir.";

let mock;
let world;
let desk;
let older;
let newer;
before(async () => {
  // Drafts and translations are offered only where a machine is there to ask.
  mock = new LLMock({ port: 0, host: "127.0.0.1", latency: 5, chunkSize: 8 });
  mock.onMessage(/.*/, { content: WORDS });
  const url = await mock.start();
  world = await open({ home: true, vars: { OPENAI_API_KEY: "keys", OPENAI_BASE_URL: `${url}/v1` } });
  // The second reads French: what is written to them can be translated.
  older = await guest("Is there a lift?", "en");
  newer = await guest("Y a-t-il un ascenseur ?", "fr");
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 860 }, locale: "en-GB" });
  desk = await context.newPage();
  desk.problems = [];
  desk.on("pageerror", (error) => desk.problems.push(String(error)));
  await desk.goto(`${world.edge}/dev/sign-in`);
  await desk.goto(`${world.edge}/app/${INBOX}`);
  await desk.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
  // A machine answered both: they stand among all, not among what waits for people.
  await desk.locator("#menu-views-button").click();
  await desk.locator("#menu-views").getByRole("button", { name: "All", exact: true }).click();
  await until(async () => (await desk.locator(".conversation").count()) === 2, "two rows");
});
after(async () => {
  await world?.close();
  await mock?.stop();
});

/** Somebody who wrote and was answered. */
async function guest(words, locale) {
  const visitor = new Visitor(world.deployment);
  await visitor.write(words, { locale });
  await visitor.answered();
  return visitor;
}

const row = (visitor) => desk.locator(`.conversation:has(#row-${visitor.conversation})`);
const isOpen = (visitor) => desk.locator(`#row-${visitor.conversation}[aria-current="true"]`).waitFor();
const reply = () => desk.getByRole("textbox", { name: "Reply" });
/** Presses a key while no field has the focus, and hands back what was sent to an address with that end. */
async function sends(key, method, end) {
  const sent = desk.waitForRequest((request) => request.method() === method && new URL(request.url()).pathname.endsWith(end));
  await desk.keyboard.press(key);
  return (await sent).postDataJSON();
}
const leaveField = () => desk.evaluate(() => document.activeElement.blur());

test("j goes to the next conversation, and k to the one before", async () => {
  await row(newer).getByRole("link").click();
  await isOpen(newer);
  await desk.keyboard.press("j");
  await isOpen(older);
  await desk.locator('[role="log"] [data-origin="visitor"]', { hasText: "Is there a lift?" }).waitFor();
  await desk.keyboard.press("k");
  await isOpen(newer);
  await desk.locator('[role="log"] [data-origin="visitor"]', { hasText: "ascenseur" }).waitFor();
});

test("t takes over and gives back, and m makes it one's own", async () => {
  await desk.keyboard.press("t");
  await desk.getByText("You have taken over.").waitFor();
  await desk.getByRole("button", { name: "Give back to AI" }).waitFor();
  await desk.keyboard.press("t");
  await desk.getByRole("button", { name: "Take over" }).waitFor();
  const { account } = await sends("m", "PUT", "/assignee");
  assert.match(account, /^acc_/);
  await until(async () => (await desk.locator("#assignee").inputValue()) === account, "the one who looks after it");
});

test("n begins a note and r a reply, and what is typed next is words", async () => {
  await desk.keyboard.press("n");
  const note = desk.getByRole("textbox", { name: "Note" });
  await note.waitFor();
  await desk.locator("#composer:focus").waitFor();
  await desk.keyboard.type("jump");
  assert.equal(await note.inputValue(), "jump", "no letter of it was a command");
  await note.fill("");
  await leaveField();
  // So long after a letter in the box keys do nothing.
  await desk.waitForTimeout(1_100);
  await desk.keyboard.press("r");
  await reply().waitFor();
  await desk.locator("#composer:focus").waitFor();
  await leaveField();
  await isOpen(newer);
});

test("l and p go to labels and to priority, from where the letter is the field's own", async () => {
  await desk.keyboard.press("l");
  await desk.locator("#label-add:focus").waitFor();
  await leaveField();
  await desk.keyboard.press("p");
  await desk.locator("#priority:focus").waitFor();
  await leaveField();
});

test("u marks a conversation as unread", async () => {
  assert.deepEqual(await sends("u", "PUT", "/read"), { sequence: 0 });
  await desk.locator(`.conversation.unread:has(#row-${newer.conversation})`).waitFor();
});

test("d asks for a draft, i translates what is written, and a opens the choice of files", async () => {
  await sends("d", "POST", "/draft");
  await until(async () => (await reply().inputValue()) === WORDS, "the draft in the box");
  await reply().fill("Of course, with pleasure.");
  await leaveField();
  const { into, text } = await sends("i", "POST", "/translate");
  assert.deepEqual([into, text], ["fr", "Of course, with pleasure."]);
  await until(async () => (await reply().inputValue()) === WORDS, "the translation in the box");
  await leaveField();
  const chooser = desk.waitForEvent("filechooser");
  await desk.keyboard.press("a");
  assert.equal((await chooser).isMultiple(), true);
  assert.deepEqual(desk.problems, []);
});
