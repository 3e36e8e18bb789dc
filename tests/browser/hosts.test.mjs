// Host pages as they are: with styles that hide everything, scripts that shout, loaders of last year, and pages where
// the chat does not belong. The frame is the real one.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { business } from "../workerd/harness.mjs";
import { ask, demo, frameOf, open } from "./harness.mjs";

/** A site that is allowed on its own page only. */
const elsewhere = business({ site: { allowed_origins: ["https://hotel.example"] } });
const PUBLISHED = new URL("../../widget/loader/published/", import.meta.url);

let world;
before(async () => {
  world = await open({ businesses: [demo, elsewhere] });
});
after(() => world?.close());

/** What a page may do to elements that it did not write, each rule also as strong as it gets. */
const RULES = [
  "html{font-size:62.5%}",
  "*{all:unset}",
  "div:empty,:empty{display:none}",
  "iframe,button{display:none}",
  "body>*{position:static;inset:0;margin:40px;padding:9px;width:10px;height:10px;z-index:-1;float:left}",
  "body *{opacity:.1;visibility:hidden;transform:scale(.5);filter:blur(9px);pointer-events:none;clip-path:inset(50%);contain:strict}",
];
const HOSTILE = {
  "resets and hides everything": RULES.join(""),
  "resets and hides everything with !important": RULES.join("").replace(/([;}])/g, "!important$1"),
};

/** Listens to everything, lets nobody else hear it, and talks nonsense to every frame. */
const SHOUTING = `<script>
  window.onmessage = (event) => event.stopImmediatePropagation();
  addEventListener("message", (event) => event.stopImmediatePropagation(), true);
  const nonsense = [null, 42, "ready", [], {}, { loquet: 1 }, { loquet: 1, type: "hello" }, { loquet: 2, type: "hello" },
    { loquet: 1, type: {}, locale: [], theme: null }, { type: "close" }, JSON.stringify({ type: "ready" }), "x".repeat(10000)];
  window.shouted = 0;
  setInterval(() => {
    for (let index = 0; index < frames.length; index++) {
      for (const word of nonsense) frames[index].postMessage(word, "*"), window.shouted++;
    }
  }, 50);
</script>`;

/** Where launcher, panel, header and composer are, and how large their letters. */
async function look(page) {
  const frame = frameOf(page);
  // The last thing that comes: from here on nothing moves by itself.
  await frame.locator("#strip section").waitFor();
  const boxes = await Promise.all([
    page.locator("loquet-chat button").boundingBox(),
    page.locator("loquet-chat iframe").boundingBox(),
    frame.locator("header").boundingBox(),
    frame.locator("#message").boundingBox(),
  ]);
  const letters = await frame.evaluate(() => getComputedStyle(document.getElementById("message")).fontSize);
  return { boxes, letters };
}

test("a page that hides everything and shouts nonsense changes nothing of launcher, panel and answer", async () => {
  const polite = await world.visit();
  await world.chat(polite);
  const expected = await look(polite);
  assert.deepEqual([expected.boxes[1].width, expected.boxes[1].height], [392, 660]);
  assert.deepEqual([expected.boxes[0].width, expected.boxes[0].height], [56, 56]);
  for (const [what, css] of Object.entries(HOSTILE)) {
    const page = await world.visit({ head: `<style>${css}</style>${SHOUTING}`, body: "<div></div><p>Text</p><iframe srcdoc='their own'></iframe>" });
    await page.getByRole("button", { name: "Open chat" }).click();
    const frame = page.frameLocator("loquet-chat iframe");
    assert.equal(await page.locator("body > iframe").isVisible(), false, "what is the page's own is hidden");
    await frame.getByRole("textbox").waitFor();
    assert.ok(await page.locator("loquet-chat iframe").isVisible(), what);
    assert.deepEqual(await look(page), expected, what);
    const answer = await ask(frame, "What time is breakfast?");
    assert.match(await answer.innerText(), /breakfast/i, what);
    assert.ok((await page.evaluate(() => window.shouted)) > 100, "it was shouted at");
    assert.deepEqual(page.problems, [], what);
    await frame.getByRole("button", { name: "Close chat" }).click();
    await page.getByRole("button", { name: "Open chat" }).waitFor();
    await page.context().close();
  }
});

test("every loader that was ever published is served as it was", async () => {
  const names = readdirSync(PUBLISHED).filter((name) => name.endsWith(".js"));
  assert.ok(names.length > 0);
  for (const name of names) {
    const answer = await fetch(`${world.edge}/${name}`);
    assert.equal(answer.status, 200, name);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), readFileSync(new URL(name, PUBLISHED)), name);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*", name);
  }
});

for (const name of readdirSync(PUBLISHED).filter((name) => name.endsWith(".js"))) {
  test(`the published ${name}, pinned by its hash, opens today's frame, asks and gets an answer`, async () => {
    const hash = createHash("sha384").update(readFileSync(new URL(name, PUBLISHED))).digest("base64");
    const page = await world.visit({ loader: `/${name}`, script: `integrity="sha384-${hash}" crossorigin="anonymous"` });
    const frame = await world.chat(page);
    assert.match(await (await ask(frame, "What time is breakfast?")).innerText(), /breakfast/i);
    await frame.getByRole("button", { name: "Close chat" }).click();
    await page.getByRole("button", { name: "Open chat" }).waitFor();
    assert.ok(page.requests.includes(`${world.edge}/${name}`) && !page.requests.includes(`${world.edge}/embed.js`));
    assert.deepEqual(page.problems, []);
  });
}

const STRANGERS = {
  "whose origin the site does not allow": elsewhere.site.id,
  "with a site that nobody knows": "sit_01jd3k8v6q4w9x2t7y5z0abcde",
};
for (const [what, site] of Object.entries(STRANGERS)) {
  test(`a page ${what} is left as it was after the first intent, with one clear error`, async () => {
    const page = await world.visit({ site });
    const launcher = page.getByRole("button", { name: "Open chat" });
    await launcher.waitFor();
    const told = page.waitForEvent("console", (message) => message.text().startsWith("Loquet"));
    await launcher.hover();
    const error = await told;
    assert.equal(error.type(), "error");
    assert.match(error.text(), new RegExp(`^Loquet.*${site}.*origins`));
    await launcher.waitFor({ state: "detached" });
    assert.equal(await page.locator("iframe, loquet-chat").count(), 0);
    assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
    assert.equal(page.problems.filter((text) => text.startsWith("Loquet")).length, 1);
    await page.evaluate(() => window.Loquet.open());
    assert.equal(await page.locator("iframe").count(), 0);
  });
}
