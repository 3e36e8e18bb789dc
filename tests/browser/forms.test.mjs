// A visitor at the forms that come when they are wanted: files, an address for answers by mail, how the chat was, a code for
// coming back. By keyboard where it matters, in both themes, on a phone and from right to left.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { deflateSync } from "node:zlib";
import { until } from "../workerd/harness.mjs";
import { demo, frameOf, open } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where pictures of each form go, for whoever wants to look at them. */
const PICTURES = process.env.PICTURES;

let world;
before(async () => {
  world = await open({ home: true });
});
after(() => world?.close());

/** A picture of 8 by 8 points: the smallest file that every decoder reads. */
const PNG = (() => {
  const table = Int32Array.from({ length: 256 }, (_, n) => [...Array(8)].reduce((c) => (c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1), n));
  const crc = (bytes) => ~bytes.reduce((c, byte) => table[(c ^ byte) & 255] ^ (c >>> 8), -1);
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeInt32BE(crc(body));
    return Buffer.concat([length, body, check]);
  };
  const rows = Buffer.concat(Array.from({ length: 8 }, () => Buffer.from([0, ...Array(8).fill([31, 111, 92]).flat()])));
  const head = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
})();

/** A visitor who has asked something and read the answer. */
async function visitor(question = "What time is breakfast?", options = {}) {
  const page = await world.visit({ ...options, attributes: `${options.attributes ?? ""} data-open` });
  const frame = page.frameLocator("iframe");
  // By their places: the words are in the visitor's language.
  await frame.locator("#message").fill(question);
  await frame.locator("#message").press("Enter");
  await frame.locator('#log [data-origin="ai"], #log [data-origin="system"]').first().waitFor();
  return { page, frame };
}

async function picture(page, name) {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** Nothing in the frame offends axe. */
async function sound(page, what) {
  const frame = frameOf(page);
  await frame.evaluate(axe);
  const { violations } = await frame.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id} ${nodes.map(({ html, any }) => `${html} ${any[0]?.message}`).join(" ")}`), []);
}

const mail = (to, after = "") =>
  until(async () => {
    const outbox = await (await world.deployment.fetch("/dev/outbox")).json();
    return outbox.find((mail) => mail.to === to && mail.text && mail.id > after);
  }, `a mail to ${to}`);

test("files go up as they are chosen, one is taken back, one is refused, and a picture stands in the thread", async () => {
  const { page, frame } = await visitor();
  await frame.getByRole("button", { name: "Attach files" }).click();
  const chooser = frame.getByLabel("Choose files");
  await chooser.setInputFiles([
    { name: "room.png", mimeType: "image/png", buffer: PNG },
    { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("We arrive at nine.") },
    { name: "drawing.png", mimeType: "image/png", buffer: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>") },
  ]);
  await frame.getByText("This kind of file is not accepted.").waitFor();
  await frame.getByRole("button", { name: "Take notes.txt back" }).click();
  await picture(page, "files-chosen");
  await sound(page, "choosing files");
  await frame.getByRole("button", { name: "Send files" }).click();
  const image = frame.locator('#log [data-origin="visitor"] img[alt="room.png"]');
  await until(async () => (await image.count()) === 1 && (await image.evaluate((image) => image.naturalWidth)) === 8, "the picture");
  assert.equal(await frame.locator("#log").getByText("notes.txt").count(), 0, "what was taken back is not sent");
  await picture(page, "files-sent");
  assert.deepEqual(page.problems.filter((text) => !text.includes("422")), []);
  await page.context().close();
});

test("a chat that is older than the deployment offers to load the newer one, and the way to one's rights stays open", async () => {
  const { page, frame } = await visitor();
  await page.route(/\/later[^/]*\.js/, (route) => route.fulfill({ status: 404 }));
  await frame.getByRole("button", { name: "Attach files" }).click();
  await frame.getByText("There is a newer version of this chat.").waitFor();
  await frame.getByRole("button", { name: "About this chat" }).click();
  const [tab] = await Promise.all([
    page.context().waitForEvent("page"),
    frame.getByRole("link", { name: "Privacy and your rights" }).click(),
  ]);
  await until(() => tab.url().includes("/privacy/"), "the privacy centre");
  await page.unrouteAll();
  await frame.getByRole("button", { name: "Back to the chat" }).click();
  await frame.getByRole("button", { name: "Reload" }).click();
  await frame.getByRole("button", { name: "Attach files" }).click();
  await frame.getByRole("heading", { name: "Send files" }).waitFor();
  await page.context().close();
});

test("a language and a theme that the page sets before the chat is there reach it", async () => {
  const page = await world.visit();
  await page.evaluate(() => {
    window.Loquet.open();
    window.Loquet.setLocale("fr");
    window.Loquet.setTheme("dark");
  });
  const frame = page.frameLocator("iframe");
  await frame.getByPlaceholder("Écrivez un message…").waitFor();
  await until(async () => (await frame.locator("html").getAttribute("data-theme")) === "dark", "the theme");
  await page.context().close();
});

test("an address is left, and proved by the link in a mail, however often that is opened", async () => {
  const { page, frame } = await visitor("Do you sell submarines?");
  await frame.getByRole("button", { name: "Talk to a person" }).first().click();
  await frame.getByRole("button", { name: "Leave an e-mail address" }).click();
  const field = frame.getByLabel("E-mail address");
  await field.fill("not an address");
  await field.press("Enter");
  await frame.getByText("This does not look like an e-mail address.").waitFor();
  await picture(page, "address-wrong");
  await field.fill("guest@example.org");
  await field.press("Enter");
  await frame.getByText("A mail with a link went to guest@example.org.").waitFor();
  await picture(page, "address-sent");
  await sound(page, "an address");
  const link = (await mail("guest@example.org")).text.match(/http\S+#address\/\S+/)[0];
  const tab = await page.context().newPage();
  await tab.goto(link);
  await tab.getByText("Confirmed.").waitFor();
  await picture(tab, "address-confirmed");
  assert.equal(await tab.evaluate(() => location.hash), "", "the secret leaves the address");
  const again = await page.context().newPage();
  await again.goto(link);
  await again.getByText("Confirmed.").waitFor();
  const wrong = await page.context().newPage();
  await wrong.goto(`${link.slice(0, -4)}${link.endsWith("0000") ? "1111" : "0000"}`);
  await wrong.getByText("This link has been used, or is too old.").waitFor();
  await page.context().close();
});

test("whoever ends the chat is asked once how it was, may say nothing, and is thanked", async () => {
  const { page, frame } = await visitor();
  await frame.getByRole("button", { name: "About this chat" }).click();
  await frame.getByRole("button", { name: "End chat on this device" }).click();
  await frame.getByRole("heading", { name: "How was this chat?" }).waitFor();
  await picture(page, "rating");
  await sound(page, "a rating");
  await frame.getByRole("button", { name: "Send", exact: true }).last().click();
  await frame.getByText("Choose a number from 1 to 5 first.").waitFor();
  await frame.getByRole("radio").nth(3).check();
  await frame.getByLabel(/optional/).fill("Quick, and kind.");
  await frame.getByRole("button", { name: "Send", exact: true }).last().click();
  await frame.getByText("Thank you.").waitFor();
  await frame.getByRole("button", { name: "End chat", exact: true }).click();
  await frame.getByText("The chat has ended on this device.").waitFor();
  await page.context().close();
});

test("a code for coming back is shown once, and opens the conversation from another browser", async () => {
  const { page, frame } = await visitor();
  await frame.getByRole("button", { name: "About this chat" }).click();
  await frame.getByRole("button", { name: "Get a code for coming back" }).click();
  const code = frame.locator("#way-back code");
  await until(async () => (await code.count()) === 1, "the code");
  const shown = await code.innerText();
  await picture(page, "code");
  await sound(page, "a code");
  const answer = await world.deployment.fetch(`/v1/privacy/sites/${demo.site.id}/open`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: shown }),
  });
  assert.equal(answer.status, 200);
  assert.match((await answer.json()).conversation, /^cnv_/);
  await page.context().close();
});

for (const [name, context, lang] of [
  ["dark", { colorScheme: "dark" }, "en"],
  ["phone", { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true }, "en"],
  ["right to left", {}, "ar"],
]) {
  test(`the forms fit: ${name}`, async () => {
    const { page, frame } = await visitor(undefined, { context, attributes: `data-locale="${lang}"` });
    const about = frame.locator("header button").first();
    await frame.locator('button[data-act="attach"], #attach').first().click();
    await frame.locator("section.later input[type=file]").waitFor();
    await sound(page, `${name}, files`);
    await picture(page, `${name}-files`);
    await page.keyboard.press("Escape");
    await frame.locator("section.later").waitFor({ state: "detached" });
    assert.equal(await frameOf(page).evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await about.isVisible();
    await page.context().close();
  });
}
