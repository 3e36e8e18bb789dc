// What a team does with the list: who a row is about, a filter that is given a name, many at once, spam and back, and keys for it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until, Visitor } from "../workerd/harness.mjs";
import { demo, open } from "./harness.mjs";

const INBOX = `#/${demo.business.id}/inbox`;
const EMAIL = "ida@visitor.example";

let world;
let desk;
let parking;
let sauna;
let casino;
before(async () => {
  world = await open({ home: true });
  [parking, sauna, casino] = [await guest("Where can I park the car?"), await guest("Is there a sauna?"), await guest("Casino offers for you")];
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 860 }, locale: "en-GB" });
  desk = await context.newPage();
  desk.problems = [];
  desk.on("pageerror", (error) => desk.problems.push(String(error)));
  await desk.goto(`${world.edge}/dev/sign-in`);
  await desk.goto(`${world.edge}/app/${INBOX}`);
  await desk.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
  await until(async () => (await rows().count()) === 3, "three rows");
});
after(() => world?.close());

/** Somebody who wrote and asks for a person. */
async function guest(words) {
  const visitor = new Visitor(world.deployment);
  await visitor.write(words);
  await visitor.answered();
  await world.deployment.call("POST", `/v1/widget/conversations/${visitor.conversation}/person`, visitor.token);
  return visitor;
}

const rows = () => desk.locator(".conversation");
const row = (visitor) => desk.locator(`.conversation:has(#row-${visitor.conversation})`);
/** Where a row calls its visitor this. */
const called = (visitor, name) => row(visitor).locator(".row-top strong", { hasText: name });
const views = () => desk.getByRole("navigation", { name: "Views" });
const view = (name) => views().getByRole("button", { name }).first().click();
const further = async (name) => {
  await desk.locator("#menu-views-button").click();
  await desk.locator("#menu-views").getByRole("button", { name, exact: true }).click();
};
const privacy = (visitor, method, rest, body) =>
  world.deployment.call(method, `/v1/privacy/conversations/${visitor.conversation}/${rest}`, visitor.token, body);

test("a row says who it is about once an address is confirmed, is found by it, and says so no longer once it is held still", async () => {
  const address = `/v1/widget/conversations/${parking.conversation}/address`;
  await world.deployment.call("POST", address, parking.token, { email: EMAIL, locale: "en" });
  assert.equal(await called(parking, EMAIL).count(), 0, "it may be anybody's");
  const letter = await until(async () => {
    const outbox = await (await world.deployment.fetch("/dev/outbox")).json();
    return outbox.find((mail) => mail.to === EMAIL && mail.text);
  }, "the letter");
  const link = letter.text.split("\n").find((line) => line.includes("/widget/"));
  await world.deployment.call("POST", "/v1/widget/addresses/confirm", null, { token: link.split("/").pop().trim() });
  // The list hears of it by itself.
  await called(parking, EMAIL).waitFor();
  assert.equal(await row(parking).locator(".initials").innerText(), "I");
  assert.equal(await row(sauna).locator(".initials").innerText(), "V");
  await row(parking).getByRole("link").click();
  await desk.locator(".talk-head").getByRole("heading", { level: 1, name: EMAIL }).waitFor();
  // Whole, and however it is typed; words that stand in no message.
  await desk.getByRole("searchbox", { name: "Search" }).fill("Ida@Visitor.Example");
  await desk.keyboard.press("Enter");
  await until(async () => (await rows().count()) === 1, "what was found");
  await row(parking).waitFor();
  await desk.getByRole("searchbox", { name: "Search" }).fill("");
  await until(async () => (await rows().count()) === 3, "all again");
  await privacy(parking, "POST", "requests", { kind: "restriction" });
  await called(parking, EMAIL).waitFor({ state: "detached" });
  await desk.locator(".talk-head").getByRole("heading", { level: 1, name: /^Visitor / }).waitFor();
  await privacy(parking, "DELETE", "restriction");
  await called(parking, EMAIL).waitFor();
});

test("a filter narrows the list, and is kept under a name that stays in its field until it is taken", async () => {
  await row(sauna).getByRole("link").click();
  await desk.locator("#priority").selectOption({ label: "Urgent" });
  await row(sauna).getByText("Urgent").waitFor();
  await desk.getByRole("button", { name: "Filter", exact: true }).click();
  const panel = desk.locator("#filters");
  await panel.getByLabel("Priority").selectOption({ label: "Urgent" });
  await until(async () => (await rows().count()) === 1, "the urgent one");
  await row(sauna).waitFor();
  const name = panel.getByLabel("Name of the view");
  await name.fill("Urgent ones");
  const posts = (route) => (route.request().method() === "POST" ? route.abort() : route.continue());
  await desk.route("**/views", posts);
  await panel.getByRole("button", { name: "Save as a view" }).click();
  await panel.getByText("No answer came.").waitFor();
  assert.equal(await name.inputValue(), "Urgent ones");
  await desk.unroute("**/views", posts);
  await panel.getByRole("button", { name: "Save as a view" }).click();
  await until(async () => (await name.inputValue()) === "", "the name to be taken");
  await desk.getByRole("button", { name: "1 filter", exact: true }).click();
  await view(/^Open/);
  await until(async () => (await rows().count()) === 3, "all that are open");
  await further("Urgent ones");
  await until(async () => (await rows().count()) === 1, "the view");
  await views().locator('[aria-current="true"]', { hasText: "Urgent ones" }).waitFor();
  await view(/^Open/);
});

test("two deeds for many, the second pressed while the first is on its way, are both done", async () => {
  // None is open beside the list: an open one keeps its row, whatever is done with it.
  await desk.goto(`${world.edge}/app/${INBOX}`);
  await until(async () => (await rows().count()) === 3, "all that are open");
  await desk.getByRole("button", { name: "Select several" }).click();
  for (const one of [sauna, casino]) await row(one).locator(".pick input").click();
  const strip = desk.getByRole("group", { name: "2 selected" });
  await strip.waitFor();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const sent = [];
  const hold = async (route) => {
    sent.push(route.request().postDataJSON());
    await held;
    await route.continue();
  };
  await desk.route("**/conversations/bulk", hold);
  await strip.getByRole("button", { name: "Close", exact: true }).click();
  await desk.locator("#menu-bulk-button").click();
  await desk.locator("#menu-bulk").getByRole("button", { name: "Mark as spam" }).click();
  await until(() => sent.length === 1, "the first deed");
  release();
  await until(() => sent.length === 2, "the second deed");
  await desk.unroute("**/conversations/bulk", hold);
  assert.deepEqual(sent.map(({ deed }) => deed), ["close", { spam: true }]);
  assert.deepEqual(sent[1].conversations, sent[0].conversations, "those that were picked for it");
  await until(async () => (await rows().count()) === 1, "the one that is left");
  await row(parking).waitFor();
  await strip.waitFor({ state: "detached" });
});

test("what was marked as spam stands in a view of its own, and by a key it is none again", async () => {
  await further("Spam");
  await until(async () => (await rows().count()) === 2, "both");
  await row(sauna).getByRole("link").click();
  await desk.locator(".talk-head").waitFor();
  await desk.keyboard.press("s");
  await further("Closed");
  await until(async () => (await rows().count()) === 1, "the one that is no spam");
  await row(sauna).waitFor();
});

test("views, filter, block and transcript have keys that stand in the list of keys, and none works in a field", async () => {
  await desk.keyboard.press("?");
  const list = desk.getByRole("dialog");
  for (const words of ["Views", "Filter", "Mark as spam", "Block…", "Download the transcript", "Attach"]) {
    await list.getByText(words, { exact: true }).waitFor();
  }
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("1");
  await until(async () => (await rows().count()) === 1, "the open one");
  await row(parking).waitFor();
  await desk.keyboard.press("8");
  await row(casino).waitFor();
  await desk.keyboard.press("1");
  await row(parking).getByRole("link").click();
  await desk.locator(".talk-head").getByRole("heading", { level: 1, name: EMAIL }).waitFor();
  await desk.keyboard.press("f");
  await desk.locator("#filters select:focus").waitFor();
  await desk.locator("#filters select:focus").blur();
  await desk.keyboard.press("f");
  await desk.locator("#filters").waitFor({ state: "hidden" });
  await desk.keyboard.press("b");
  await desk.getByRole("dialog").getByRole("button", { name: "Block", exact: true }).waitFor();
  await desk.keyboard.press("Escape");
  const waiting = desk.waitForEvent("download");
  await desk.keyboard.press("c");
  assert.match((await waiting).suggestedFilename(), /^cnv_.*\.txt$/);
  const reply = desk.getByRole("textbox", { name: "Reply" });
  await reply.pressSequentially("scab 18f");
  assert.equal(await reply.inputValue(), "scab 18f");
  await reply.fill("");
  assert.equal(await row(parking).count(), 1, "nothing of it was a command");
});

test("a label that is missing is made beside the conversation, and is on it at once", async () => {
  const card = desk.getByRole("complementary", { name: "What is held" });
  await card.locator("summary", { hasText: "Make the label" }).click();
  await card.getByLabel("Name of the label").fill("by car");
  await card.getByRole("button", { name: "Make the label" }).click();
  await card.locator(".chip").getByText("by car").waitFor();
  await row(parking).getByText("by car").waitFor();
  assert.equal(await card.getByLabel("Name of the label").inputValue(), "");
  assert.deepEqual(desk.problems, []);
});
