// A visitor in the demo's chat and two people of the house at the inbox: live, both ways, by hand over and back.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { until } from "../workerd/harness.mjs";
import { demo, open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const INBOX = `#/${demo.business.id}/inbox`;

let world;
let visitor;
let chat;
let desk;
before(async () => {
  world = await open({ home: true });
  visitor = await world.visit();
  chat = await world.chat(visitor);
  desk = await person();
});
after(() => world?.close());

/** Somebody of the house, signed in, at the inbox. */
async function person(options = {}, title = "Inbox") {
  const context = await world.browser.newContext({ viewport: { width: 1440, height: 860 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.requests = [];
  page.problems = [];
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
  if (!options.storageState) await page.goto(`${world.edge}/dev/sign-in`);
  await page.goto(`${world.edge}/app/${INBOX}`);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  return page;
}

const rows = (page) => page.locator(".conversation");
const log = (page) => page.getByRole("log", { name: "Conversation" });
const write = async (text) => {
  await chat.getByRole("textbox", { name: "Message" }).fill(text);
  await chat.getByRole("textbox", { name: "Message" }).press("Enter");
};
const view = (page, name) => page.getByRole("navigation", { name: "Views" }).getByRole("button", { name }).first().click();

test("a list that is empty says so, and a conversation appears in it by itself while somebody looks", async () => {
  await desk.getByText("Nothing is open.").or(desk.getByText("Nobody has written yet.")).waitFor();
  await write("Can I talk to somebody about a cot?");
  await chat.getByRole("button", { name: "Talk to a person" }).first().click();
  await rows(desk).first().waitFor();
  await desk.getByText("asks for a person").first().waitFor();
  await until(async () => (await desk.title()).startsWith("(1) "), "the count in the title");
});

test("opened by its row, the thread says who said what, what is held and until when", async () => {
  await rows(desk).first().getByRole("link").click();
  await log(desk).locator('[data-origin="visitor"]').getByText("about a cot").waitFor();
  await log(desk).getByText("The visitor asks for a person").waitFor();
  const card = desk.getByRole("complementary", { name: "What is held" });
  await card.getByText("Language", { exact: true }).waitFor();
  const year = new Date().getFullYear() + 1;
  await card.locator(".until").getByText(String(year)).waitFor();
  await desk.getByText("No address is known.").waitFor();
});

test("the head of a thread has one row and one height, while somebody waits and while nobody does", async () => {
  const storageState = await desk.context().storageState();
  const address = await desk.evaluate(() => location.hash);
  for (const locale of ["en-GB"]) {
    const page = await person({ locale, storageState, viewport: { width: 1280, height: 800 } }, /Inbox|Posteingang/);
    await page.goto(`${world.edge}/app/${address}`);
    const head = page.locator(".talk-head");
    const looked = async (width) => {
      await page.setViewportSize({ width, height: 800 });
      return head.evaluate((it) => {
        const shown = [...it.querySelectorAll("h1, p, button, a")].filter((one) => one.offsetParent && !one.closest(".menu"));
        const boxes = shown.map((one) => one.getBoundingClientRect());
        const acts = boxes.filter((_, place) => shown[place].matches("button, a"));
        return {
          height: it.offsetHeight,
          rows: new Set(acts.map((box) => Math.round(box.top + box.height / 2))).size,
          inside: boxes.every((box) => box.left >= it.getBoundingClientRect().left && box.right <= it.getBoundingClientRect().right),
          name: it.querySelector("h1").offsetWidth,
        };
      });
    };
    await head.locator(".sign").first().waitFor();
    // Asked for and not yet answered: they wait.
    await head.locator(".clay-text").waitFor();
    for (const width of [375, 1024, 1280, 1600]) {
      const { height, rows, inside, name } = await looked(width);
      assert.deepEqual({ height, rows, inside }, { height: width === 375 ? 57 : 69, rows: 1, inside: true }, `${locale} ${width}`);
      assert.ok(name >= 80, `${locale} ${width}: ${name} px for the name`);
    }
    await head.locator(".clay-text").evaluate((it) => (it.hidden = true));
    assert.equal((await looked(1280)).height, 69, "nor does it give way where nobody waits");
    await page.goto(`${world.edge}/app/${INBOX}`);
    await page.locator(".talk .blank").waitFor();
    const room = await page.evaluate(() => innerWidth - document.querySelector(".talk").getBoundingClientRect().right);
    assert.ok(room < 1, "without a conversation the thread takes the card's room");
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
});

test("taking over is seen on both sides, typing goes both ways, and a reply arrives and is read", async () => {
  await desk.getByRole("button", { name: "Take over" }).click();
  await desk.getByText("You have taken over.").waitFor();
  await desk.getByRole("button", { name: "Give back to AI" }).waitFor();
  await chat.getByRole("textbox", { name: "Message" }).pressSequentially("We la", { delay: 30 });
  await desk.getByText("The visitor is writing").waitFor();
  await desk.getByRole("textbox", { name: "Reply" }).pressSequentially("Good ev", { delay: 30 });
  await chat.locator("#live").waitFor();
  await desk.getByRole("textbox", { name: "Reply" }).fill("Good evening, the cot will stand in your room.");
  await desk.keyboard.press("Enter");
  await chat.locator('#log [data-origin="human"]').getByText("the cot will stand in your room").waitFor();
  await log(desk).locator('[data-origin="human"]').getByText("the cot will stand in your room").waitFor();
  assert.equal(await log(desk).locator('[data-origin="human"]').count(), 1, "once, however often it is told");
  await write("We land late.");
  await log(desk).locator('[data-origin="visitor"]').getByText("We land late.").waitFor();
});

test("a note with a mention stays in the house", async () => {
  await desk.locator(".composer-ways").getByRole("button", { name: "Note" }).click();
  const note = desk.getByRole("textbox", { name: "Note" });
  await note.pressSequentially("room 6 has one, ask @Cam");
  await desk.getByRole("option", { name: "@Camille Lumière" }).waitFor();
  await desk.keyboard.press("Enter");
  await desk.keyboard.press("Enter");
  await log(desk).locator(".remark .mention").getByText("@Camille Lumière").waitFor();
  assert.equal(await note.inputValue(), "", "what is kept is not offered again");
  assert.equal(await chat.getByText("room 6").count(), 0);
});

test("a label and a saved reply are made once, and found where they are needed", async () => {
  await desk.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Inbox settings" }).click();
  await desk.getByRole("heading", { level: 1, name: "Inbox settings" }).waitFor();
  await desk.getByLabel("Name of the label").fill("late arrival");
  await desk.getByRole("button", { name: "Make the label" }).click();
  await desk.getByText("late arrival", { exact: true }).waitFor();
  await desk.getByText("Save a reply").click();
  await desk.getByLabel("Title").fill("Parking in the courtyard");
  await desk.getByLabel("Shortcut").fill("parking");
  await desk.getByLabel("Words", { exact: true }).fill("You can park in our courtyard. {agent_name}");
  await desk.getByRole("button", { name: "Save the reply" }).click();
  await desk.getByText("/parking").waitFor();
  await desk.goBack();
  await desk.getByLabel("Add a label").selectOption({ label: "late arrival" });
  await desk.locator(".about .chip").getByText("late arrival").waitFor();
  await rows(desk).first().getByText("late arrival").waitFor();
  const reply = desk.getByRole("textbox", { name: "Reply" });
  await reply.fill("");
  await reply.pressSequentially("/park");
  await desk.keyboard.press("Enter");
  await until(async () => (await reply.inputValue()) === "You can park in our courtyard. Camille Lumière", "the filled reply");
  await desk.keyboard.press("Enter");
  await chat.locator('#log [data-origin="human"]').getByText("You can park").waitFor();
});

/** A picture of one point. */
const DOT = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("files are chosen, refused or taken off again, and go with a reply; a picture stands in the thread", async () => {
  await desk.locator("#composer-file").setInputFiles([
    { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("The room is on the first floor.") },
    { name: "dot.png", mimeType: "image/png", buffer: DOT },
    { name: "page.jpg", mimeType: "image/jpeg", buffer: Buffer.from("<!doctype html><script>1</script>") },
  ]);
  const chosen = desk.getByRole("list", { name: "Files that go with the reply" });
  await chosen.getByText("This kind of file can’t be sent").waitFor();
  await until(async () => !(await chosen.innerText()).includes("%"), "both uploads");
  await desk.getByRole("button", { name: "Remove page.jpg" }).click();
  await desk.getByRole("button", { name: "Remove plan.txt" }).click();
  assert.equal(await chosen.getByRole("listitem").count(), 1);
  // A picture needs no words.
  await desk.getByRole("textbox", { name: "Reply" }).press("Enter");
  const picture = log(desk).locator('[data-origin="human"] img[alt="dot.png"]');
  await picture.waitFor();
  await until(() => picture.evaluate((image) => image.complete && image.naturalWidth === 1), "the picture");
  await chosen.waitFor({ state: "detached" });
  await chat.locator('#log [data-origin="human"] img[alt="dot.png"]').waitFor();
});

test("by keyboard: the list of keys, close and open again, snooze, select, search, and a reply", async () => {
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("?");
  await desk.getByRole("dialog").getByText("Take over, or give back to AI").waitFor();
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("e");
  await desk.getByRole("button", { name: "Open again" }).waitFor();
  await desk.keyboard.press("e");
  await desk.locator(".talk-head").getByRole("button", { name: "Close" }).waitFor();
  await desk.keyboard.press("z");
  await desk.locator("#menu-snooze button:focus").waitFor();
  await desk.keyboard.press("Enter");
  await desk.getByRole("button", { name: "End the snooze" }).waitFor();
  await desk.keyboard.press("z");
  await desk.getByRole("button", { name: "End the snooze" }).waitFor({ state: "detached" });
  await desk.keyboard.press("x");
  await desk.getByText("1 selected").waitFor();
  await desk.keyboard.press("x");
  await desk.keyboard.press("/");
  await desk.locator("input[type=search]:focus").waitFor();
  await desk.keyboard.type("courtyard");
  await desk.keyboard.press("Enter");
  await until(async () => (await rows(desk).count()) === 1, "what was found");
  await desk.getByRole("searchbox", { name: "Search" }).fill("");
  await desk.keyboard.press("Escape");
  await desk.keyboard.press("r");
  await desk.locator("#composer:focus").waitFor();
  await desk.keyboard.type("Until later.");
  await desk.keyboard.press("Enter");
  await chat.locator('#log [data-origin="human"]').getByText("Until later.").waitFor();
});

test("whoever writes a reply keeps the box, and no letter of it is a command, while the thread can't be asked for again", async () => {
  const reply = desk.getByRole("textbox", { name: "Reply" });
  await reply.fill("");
  await reply.pressSequentially("Half a sen");
  const box = await reply.elementHandle();
  // The thread itself, and nothing below it.
  const thread = /\/conversations\/[^/?]+$/;
  await desk.route(thread, (route) => route.abort());
  const failed = desk.waitForEvent("requestfailed", (request) => thread.test(request.url()));
  await desk.evaluate(() => {
    dispatchEvent(new Event("offline"));
    dispatchEvent(new Event("online"));
  });
  await failed;
  await desk.keyboard.type("tence: e, t, j");
  await desk.unroute(thread);
  assert.equal(await reply.inputValue(), "Half a sentence: e, t, j");
  assert.equal(await box.evaluate((element) => element === document.activeElement), true, "the same box, and in it");
  await reply.fill("");
});

test("a saved reply that was taken can be undone", async () => {
  const reply = desk.getByRole("textbox", { name: "Reply" });
  await reply.pressSequentially("/park");
  await desk.keyboard.press("Enter");
  await until(async () => (await reply.inputValue()).startsWith("You can park"), "the filled reply");
  await desk.keyboard.press("ControlOrMeta+z");
  await until(async () => (await reply.inputValue()) === "/park", "what was typed");
  await reply.fill("");
});

test("a reply that is refused after its writer went on waits in its conversation, and a note is not begun in the next", async () => {
  const other = await world.visit();
  const second = await world.chat(other);
  await second.getByRole("textbox", { name: "Message" }).fill("Is there a lift?");
  await second.getByRole("textbox", { name: "Message" }).press("Enter");
  await second.getByRole("button", { name: "Talk to a person" }).first().click();
  await until(async () => (await rows(desk).count()) > 1, "the second conversation");
  const first = await desk.evaluate(() => location.hash);
  const next = rows(desk).locator("a:not([aria-current])").first();

  let refuse;
  const gone = new Promise((resolve) => (refuse = resolve));
  await desk.route("**/replies", async (route) => {
    await gone;
    await route.abort();
  });
  await desk.getByRole("textbox", { name: "Reply" }).fill("This one is not taken.");
  await desk.keyboard.press("Enter");
  await log(desk).getByText("This one is not taken.").waitFor();
  await desk.locator(".composer-ways").getByRole("button", { name: "Note" }).click();
  await next.click();
  await log(desk).getByText("Is there a lift?").waitFor();
  await desk.getByRole("textbox", { name: "Reply" }).waitFor();
  refuse();
  await desk.getByText("A message was not sent.").waitFor();
  const mine = rows(desk).filter({ hasText: "not sent" });
  assert.equal(await mine.count(), 1);
  await desk.unroute("**/replies");
  await mine.getByRole("link").click();
  await until(async () => (await desk.evaluate(() => location.hash)) === first, "the first conversation");
  await log(desk).getByText("This one is not taken.").waitFor();
  await log(desk).getByRole("button", { name: "Try again" }).click();
  await chat.locator('#log [data-origin="human"]').getByText("This one is not taken.").waitFor();
  await mine.waitFor({ state: "detached" });
  await other.context().close();
});

test("what is chosen from a menu leaves the focus in the pane, and not nowhere", async () => {
  const focused = () => desk.evaluate(() => document.activeElement.closest(".talk") !== null);
  await desk.locator("#menu-snooze-button").click();
  await desk.locator("#menu-snooze button").first().press("Enter");
  await desk.getByRole("button", { name: "End the snooze" }).waitFor();
  await until(focused, "the focus in the thread");
  await desk.getByRole("button", { name: "End the snooze" }).press("Enter");
  await desk.locator("#menu-snooze-button").waitFor();
  await until(focused, "the focus in the thread, again");
});

test("closed, it leaves the open ones, and the visitor's next word brings it back", async () => {
  await desk.locator(".talk-head").getByRole("button", { name: "Close" }).click();
  await desk.getByText("Closed. It opens again").waitFor();
  await view(desk, /Unassigned/);
  await view(desk, /Open/);
  await desk.getByRole("button", { name: "More" }).first().click();
  await desk.locator("#menu-views").getByRole("button", { name: "Closed" }).click();
  await rows(desk).first().waitFor();
  // The visitor finds it closed, with all that was said, and goes on in it: nobody has to be told the matter again.
  await chat.getByText("A new message opens it again.").waitFor();
  const before = await chat.locator('#log [data-origin="human"]').count();
  await write("One more question: is there a lift?");
  await chat.locator('#log [data-origin="visitor"]').getByText("is there a lift?").waitFor();
  await log(desk).locator('[data-origin="visitor"]').getByText("is there a lift?").waitFor();
  await until(async () => (await chat.getByText("A new message opens it again.").count()) === 0, "the line to go");
  assert.ok((await chat.locator('#log [data-origin="human"]').count()) >= before, "what was said stays");
});

test("where a browser has the class and shows nothing, as Android's Chrome does, that is said and nothing offered", async () => {
  const storageState = await desk.context().storageState();
  const userAgent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";
  const page = await person({ storageState, userAgent });
  await page.addInitScript(() => {
    window.Notification = class {
      static permission = "granted";
      static requestPermission = async () => "granted";
      constructor() {
        throw new TypeError("Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.");
      }
    };
  });
  await page.goto(`${world.edge}/app/#/${demo.business.id}/replies`);
  await page.reload();
  await page.getByText("This browser shows no messages of web pages.").waitFor();
  assert.ok(await page.getByLabel("A message of the browser, while the page is in the background").isDisabled());
  assert.deepEqual(page.problems, []);
  await page.context().close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing at the desk, ${colorScheme}, and none of its panes is wider than a phone`, async () => {
    const storageState = await desk.context().storageState();
    const open = await desk.evaluate(() => location.hash);
    for (const width of [1440, 375]) {
      const page = await person({ colorScheme, storageState, viewport: { width, height: 800 } });
      for (const address of [INBOX, open, `${open}/held`, `#/${demo.business.id}/replies`]) {
        await page.goto(`${world.edge}/app/${address}`);
        await until(async () => (await page.locator(".waiting").count()) === 0, "the page to fill");
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() =>
          window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
        );
        const found = violations.map(({ id, nodes }) => `${address} ${width}: ${id} ${nodes.map(({ html }) => html).join(" ")}`);
        assert.deepEqual(found, []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${address} ${width}`);
      }
      assert.deepEqual(page.problems, []);
      assert.deepEqual(page.requests.filter((url) => !url.startsWith(world.edge)), [], "P5.6");
      await page.context().close();
    }
  });
}
