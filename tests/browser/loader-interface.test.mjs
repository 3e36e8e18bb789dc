// What a host page may ask of the loader through `window.Loquet`, what it is told, where the focus goes, and that
// `destroy` leaves nothing behind.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { begin, document_, edgeOrigin, end, eventually, heard, SITE, snippet, visit } from "./stand-in.mjs";

before(begin);
after(end);

test("focus goes in by the visitor's act, comes back on close, and is never taken on load", async () => {
  const { page, context, launcher, frame, panel } = await visit(
    document_(snippet(`data-site="${SITE}" data-open async`), "<input autofocus>"),
  );
  await panel.waitFor();
  const inside = await frame();
  await eventually(() => heard(inside), ["hello", "shown"]);
  assert.equal(await page.evaluate(() => document.activeElement.localName), "input");

  await launcher.focus();
  await page.keyboard.press("Enter");
  await eventually(() => heard(inside), ["hello", "shown", "hidden"]);
  assert.equal(await launcher.evaluate((button) => button.getRootNode().activeElement === button), true);
  await page.keyboard.press("Enter");
  await eventually(() => heard(inside), ["hello", "shown", "hidden", "shown", "focus"]);
  await page.keyboard.type("hello");
  assert.equal(await inside.locator("input").inputValue(), "hello");
  await inside.evaluate(() => window.say({ type: "close" }));
  await panel.waitFor({ state: "hidden" });
  assert.equal(await launcher.evaluate((button) => button.getRootNode().activeElement === button), true);
  assert.equal(await launcher.getAttribute("aria-expanded"), "false");
  await context.close();
});

test("opened before the frame is there, it is shown and focused once it is", async () => {
  const { context, launcher, frame } = await visit(document_(snippet()));
  await launcher.click();
  const inside = await frame();
  await eventually(() => heard(inside), ["hello", "shown", "focus"]);
  await context.close();
});

test("calls that came before the loader run in their order, and pushing goes on working", async () => {
  const { page, context, panel, frame } = await visit(
    document_(`<script>(window.Loquet ||= []).push(["setLocale", "fr"], ["identify", "a.b.c"], ["sendMessage", "Bonjour"]); Loquet.push(["open"]);</script>${snippet()}`),
  );
  await panel.waitFor();
  const inside = await frame();
  const [hello] = await inside.evaluate(() => window.heard);
  assert.deepEqual([hello.locale, hello.identify], ["fr", "a.b.c"]);
  assert.ok(!inside.url().includes("a.b.c"), "what names a visitor stands in no address");
  await eventually(() => inside.evaluate(() => window.heard.filter(({ type }) => type === "compose")), [
    { type: "compose", value: "Bonjour" },
  ]);
  await page.evaluate(() => window.Loquet.push(["setTheme", "dark"], ["close"], ["identify", "x"], ["setContext", {}]));
  await panel.waitFor({ state: "hidden" });
  await eventually(() => heard(inside).then((types) => types.slice(-3)), ["theme", "hidden", "identify"]);
  await context.close();
});

test("events reach their listeners with counts and ids, and stop when they are taken off", async () => {
  const { page, context, launcher, frame } = await visit(document_(snippet()));
  await launcher.waitFor();
  await page.evaluate(() => {
    window.told = [];
    for (const name of ["ready", "open", "close", "message-sent", "unread"]) {
      window.Loquet.on(name, (detail) => window.told.push([name, detail?.count ?? detail?.id ?? null]));
    }
    window.Loquet.on("open", () => { throw new Error("the page's own mistake"); });
    window.never = () => window.told.push("never");
    window.Loquet.on("open", window.never);
    window.Loquet.off("open", window.never);
  });
  await launcher.click();
  const inside = await frame();
  await eventually(() => page.evaluate(() => window.told), [["open", null], ["ready", null]]);
  await inside.evaluate(() => {
    window.say({ type: "event", name: "message-sent", detail: { id: "msg_1" } });
    window.say({ type: "close" });
    window.say({ type: "unread", count: 2 });
  });
  await eventually(() => page.evaluate(() => window.told.slice(2)), [["message-sent", "msg_1"], ["close", null], ["unread", 2]]);
  assert.equal(await launcher.innerText(), "2");
  assert.equal(await launcher.getAttribute("aria-label"), "Open chat (2)");
  await inside.evaluate(() => window.say({ type: "unread", count: 0 }));
  await eventually(() => launcher.getAttribute("aria-label"), "Open chat");
  assert.equal(await page.locator("loquet-chat span").isVisible(), false);
  await context.close();
});

test("a page that hides the launcher opens the chat by itself", async () => {
  const { page, context, launcher, panel } = await visit(document_(snippet(`data-site="${SITE}" data-launcher="hide" async`)));
  await page.locator("loquet-chat").waitFor({ state: "attached" });
  assert.equal(await launcher.isVisible(), false);
  await page.evaluate(() => window.Loquet.toggle());
  await panel.waitFor();
  await page.evaluate(() => { window.Loquet.toggle(); window.Loquet.show(); });
  await panel.waitFor({ state: "hidden" });
  assert.ok(await launcher.isVisible());
  await page.evaluate(() => window.Loquet.hide());
  assert.equal(await launcher.isVisible(), false);
  await context.close();
});

test("destroy leaves neither node nor listener nor timer, twenty times over", async () => {
  const { page, context, errors, launcher } = await visit(document_(snippet(), "<p>Text</p>"));
  await launcher.waitFor();
  const session = await context.newCDPSession(page);
  const mount = (open) =>
    page.evaluate(
      async ([source, site, opened]) => {
        const tag = document.createElement("script");
        tag.dataset.site = site;
        tag.src = source;
        await new Promise((done) => { tag.onload = done; document.head.append(tag); });
        tag.remove();
        const api = window.Loquet;
        await new Promise((done) => {
          if (opened) api.on("ready", done);
          api.open();
          // Every other time it is gone before its frame has loaded.
          if (!opened) done();
        });
        api.destroy();
        api.open();
        api.sendMessage("nobody reads this");
        api.destroy();
      },
      [`${edgeOrigin()}/embed.js`, SITE, open],
    );
  const count = async () => {
    await page.waitForTimeout(100);
    for (let tries = 0; tries < 3; tries += 1) await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners, documents } = await session.send("Memory.getDOMCounters");
    return { nodes, jsEventListeners, documents };
  };
  await page.evaluate(() => window.Loquet.destroy());
  await mount(true);
  const base = await count();
  for (let round = 0; round < 20; round += 1) await mount(round % 2 === 0);
  const end = await count();
  assert.ok(end.nodes <= base.nodes && end.jsEventListeners <= base.jsEventListeners && end.documents <= base.documents,
    `${JSON.stringify(base)} became ${JSON.stringify(end)}`);
  assert.equal(await page.locator("loquet-chat").count(), 0);
  assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
  // A timer that was left behind would by now have complained about a frame that never answered.
  await page.waitForTimeout(2600);
  assert.deepEqual(errors, []);
  await context.close();
});
