// The loader on a host page: however it is embedded, it asks for nothing before a visitor's first intent, moves nothing,
// and leaves nothing when the chat can't be there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { begin, document_, edgeOrigin, end, eventually, heard, loader, requests, SILENT, SITE, snippet, visit } from "./stand-in.mjs";

before(begin);
after(end);

const LOADER_BYTES = 2048;

test("the loader weighs at most 2,048 bytes", () => {
  const packed = brotliCompressSync(loader, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  assert.ok(packed.length <= LOADER_BYTES, `${packed.length} bytes`);
});

const WAYS = {
  "in the head": () => document_(snippet(`data-site="${SITE}"`)),
  "in the head, deferred": () => document_(snippet(`data-site="${SITE}" defer`)),
  "asynchronous": () => document_(snippet()),
  "at the end of the body": () => document_("", `<p>Text</p>${snippet(`data-site="${SITE}"`)}`),
  "as a module": () => document_(snippet(`data-site="${SITE}" type="module"`)),
  "as a module with the site in its address": () => document_(snippet('type="module"', `?site=${SITE}`)),
  "with the site in its address": () => document_(snippet("async", `?site=${SITE}`)),
  "by its hashed name": () => document_(snippet().replace("embed.js", "embed.0123456789abcdef.js")),
  "from a tag manager": () =>
    document_("", `<p>Text</p><script>
      const tag = document.createElement("script");
      tag.src = "${edgeOrigin()}/embed.js?site=${SITE}";
      document.head.append(tag);
    </script>`),
  "twice": () => document_(snippet() + snippet() + snippet(`data-site="${SITE}"`)),
};

for (const [way, html] of Object.entries(WAYS)) {
  test(`embedded ${way}, it asks for nothing before intent, and then for its own frame`, async () => {
    const { page, context, errors, launcher, panel, frame } = await visit(html());
    await launcher.waitFor();
    assert.equal(await page.locator("loquet-chat").count(), 1);
    assert.equal(await page.evaluate(() => document.body.lastElementChild.localName), "loquet-chat");
    assert.deepEqual([...new Set(requests.map((url) => url.split("?")[0].replace(/\.[0-9a-f]{16}/, "")))], ["/embed.js"]);
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);

    await launcher.click();
    await panel.waitFor();
    const inside = await frame();
    const [hello] = await inside.evaluate(() => window.heard);
    assert.deepEqual(hello, {
      loquet: 1, type: "hello", locale: "en", theme: "auto", origin: new URL(page.url()).origin,
    });
    assert.ok(requests.includes(`/widget/${SITE}?theme=auto&locale=en`));
    assert.equal(await panel.getAttribute("referrerpolicy"), "origin");
    assert.equal(await panel.getAttribute("title"), "Chat");
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("nothing on the page moves", async () => {
  const { page, context, launcher, frame } = await visit(document_(snippet()));
  await page.evaluate(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifts += entry.value)))
      .observe({ type: "layout-shift", buffered: true });
  });
  await launcher.click();
  await frame();
  await launcher.click();
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.shifts), 0);
  await context.close();
});

test("a pointer or the focus is intent enough to load, not to open", async () => {
  for (const intent of ["hover", "focus"]) {
    const { context, launcher, panel, frame } = await visit(document_(snippet()));
    await launcher[intent]();
    await frame();
    assert.equal(await panel.isVisible(), false);
    await context.close();
  }
});

test("a page with a strict policy needs the edge in script-src and frame-src, and nothing weaker", async () => {
  const { page, context, errors, launcher, panel, frame } = await visit(
    document_(`<script nonce="n1" src="${edgeOrigin()}/embed.js" data-site="${SITE}" data-color="#aa3300" async></script>`),
    {
      headers: {
        "content-security-policy":
          `default-src 'self'; script-src 'nonce-n1' ${edgeOrigin()}; frame-src ${edgeOrigin()}; ` +
          "style-src 'self'; require-trusted-types-for 'script'",
      },
    },
  );
  await launcher.click();
  await panel.waitFor();
  await frame();
  const box = await launcher.boundingBox();
  assert.deepEqual([box.width, box.height], [56, 56]);
  assert.equal(await launcher.evaluate((button) => getComputedStyle(button).backgroundColor), "rgb(170, 51, 0)");
  await page.evaluate(() => window.Loquet.destroy());
  assert.deepEqual(errors, []);
  await context.close();
});

const BLOCKED = {
  "the page's policy blocks it": () => [document_(snippet()), { headers: { "content-security-policy": "frame-src 'none'" } }],
  "nobody in it answers": () => [document_(snippet(`data-site="${SILENT}" async`)), {}],
  "the site is unknown": () => [document_(snippet('data-site="nonsense" async')), {}],
};
for (const [why, html] of Object.entries(BLOCKED)) {
  test(`a frame that stays silent because ${why} leaves nothing but one explanation`, async () => {
    const { page, context, errors, launcher } = await visit(...html());
    await page.evaluate(() => {
      window.told = [];
      window.Loquet.on("error", (detail) => window.told.push(detail ?? null));
    });
    await launcher.click();
    await launcher.waitFor({ state: "detached" });
    assert.equal(await page.locator("loquet-chat").count(), 0);
    await eventually(() => page.evaluate(() => window.told.length), 1);
    const ours = errors.filter((text) => text.startsWith("Loquet"));
    assert.equal(ours.length, 1);
    assert.match(ours[0], /site id .*origins.*frame-src/);
    // The host's later calls meet an object that does nothing.
    await page.evaluate(() => { window.Loquet.open(); window.Loquet.push(["close"]); window.Loquet.destroy(); });
    assert.equal(await page.evaluate(() => "Loquet" in window), false);
    await context.close();
  });
}

test("a single-page application may swap its whole body and the chat stays", async () => {
  const { page, context, launcher, panel, frame } = await visit(document_(snippet()));
  await launcher.click();
  await frame();
  for (const swap of [
    () => { const body = document.createElement("body"); body.append("another page"); document.body.replaceWith(body); },
    () => { document.body.innerHTML = "<p>a third</p>"; },
  ]) {
    await page.evaluate(swap);
    await panel.waitFor();
    const inside = await frame();
    await eventually(() => heard(inside).then((types) => types.slice(0, 2)), ["hello", "shown"]);
  }
  await page.evaluate(() => history.pushState({}, "", "/elsewhere"));
  await launcher.click();
  await panel.waitFor({ state: "hidden" });
  assert.equal(await page.locator("loquet-chat").count(), 1);
  await context.close();
});
