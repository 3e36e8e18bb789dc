// How launcher and panel look and where they stand: language, side, colour, phones, narrow windows, keyboards.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { devices } from "playwright-core";

import { begin, document_, edgeOrigin, end, SITE, snippet, visit } from "./stand-in.mjs";

before(begin);
after(end);

test("the launcher speaks the page's language, stands on its side and wears the site's colour", async () => {
  for (const [open, attributes, name, side] of [
    ['<html lang="fr-CA">', "", "Ouvrir le chat", "right"],
    ["<html>", 'data-locale="pl"', "Otwórz czat", "right"],
    ['<html lang="he" dir="rtl">', "", "פתיחת צ'אט", "left"],
    ['<html lang="ar" dir="rtl">', 'data-position="start"', "فتح الدردشة", "right"],
    ['<html lang="sv">', 'data-position="start"', "Open chat", "left"],
  ]) {
    const { page, context, launcher } = await visit(document_(snippet(`data-site="${SITE}" ${attributes} async`), "", open));
    await page.getByRole("button", { name, exact: true }).waitFor();
    const { x } = await launcher.boundingBox();
    assert.equal(x > 640 ? "right" : "left", side);
    await context.close();
  }
});

test("the icon can be read on any colour, and a colour that is none is not used", async () => {
  const { page, context, launcher } = await visit(document_(snippet()));
  await launcher.waitFor();
  for (const color of ["#ffffff", "#000000", "#ff69b4", "#ffd400", "#1f6f5c", "#777777", "#0000ff", "#00ff00", "red;}*{display:none", "#12345"]) {
    const [fill, ink] = await page.evaluate(
      async ([source, site, value]) => {
        window.Loquet.destroy();
        const tag = document.createElement("script");
        Object.assign(tag.dataset, { site, color: value });
        tag.src = source;
        await new Promise((done) => { tag.onload = done; document.head.append(tag); });
        const style = getComputedStyle(document.querySelector("loquet-chat").shadowRoot.querySelector("button"));
        const canvas = new OffscreenCanvas(2, 1).getContext("2d");
        [style.backgroundColor, style.color].forEach((paint, at) => {
          canvas.fillStyle = paint;
          canvas.fillRect(at, 0, 1, 1);
        });
        const { data } = canvas.getImageData(0, 0, 2, 1);
        return [[...data.slice(0, 3)], [...data.slice(4, 7)]];
      },
      [`${edgeOrigin()}/embed.js`, SITE, color],
    );
    const light = (rgb) =>
      rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const [low, high] = [light(fill), light(ink)].sort((a, b) => a - b);
    assert.ok((high + 0.05) / (low + 0.05) >= 4.4, `${color}: ${fill} under ${ink}`);
    if (!/^#.{6}$/.test(color)) assert.deepEqual(fill, [0x1f, 0x6f, 0x5c]);
  }
  await context.close();
});

test("on a phone the panel is the screen, the page behind it keeps still, and all is as before on close", async () => {
  const { page, context, launcher, panel, frame } = await visit(
    document_(`<style>body{overflow-x:hidden}</style>${snippet()}`, '<div style="height:3000px">long</div>'),
    { context: { ...devices["Pixel 7"] } },
  );
  await page.evaluate(() => scrollTo(0, 700));
  const style = () => page.evaluate(() => [document.documentElement.getAttribute("style"), document.body.getAttribute("style"), scrollY, document.adoptedStyleSheets.length]);
  const unlocked = await style();
  await launcher.tap();
  const inside = await frame();
  const { width, height } = page.viewportSize();
  assert.deepEqual(await panel.boundingBox(), { x: 0, y: 0, width, height });
  assert.equal(await launcher.isVisible(), false);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), "hidden");
  await inside.evaluate(() => window.say({ type: "close" }));
  await panel.waitFor({ state: "hidden" });
  assert.deepEqual(await style(), unlocked);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), "visible");
  await context.close();
});

test("in a narrow window neither a long nor a short page shifts when the panel covers it", async () => {
  for (const height of [3000, 30]) {
    const { page, context, launcher, panel } = await visit(
      document_(snippet(), `<div id="content" style="height:${height}px">text</div>`),
      { context: { viewport: { width: 400, height: 700 } } },
    );
    const width = () => page.locator("#content").evaluate((content) => content.getBoundingClientRect().width);
    const before = await width();
    await launcher.click();
    await panel.waitFor();
    assert.equal(await width(), before);
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await context.close();
  }
});

test("the keyboard of a phone makes the panel smaller instead of covering it", async () => {
  const { page, context, launcher, panel } = await visit(
    document_(`<script>
      // A stand-in: Chromium without a screen has no keyboard to raise.
      const view = new EventTarget();
      Object.assign(view, { height: 700, offsetTop: 0, scale: 1 });
      Object.defineProperty(window, "visualViewport", { value: view });
    </script>${snippet()}`),
    { context: { viewport: { width: 375, height: 700 } } },
  );
  await launcher.click();
  await panel.waitFor();
  await page.evaluate(() => {
    Object.assign(window.visualViewport, { height: 380, offsetTop: 40 });
    window.visualViewport.dispatchEvent(new Event("resize"));
  });
  assert.deepEqual(await panel.boundingBox(), { x: 0, y: 40, width: 375, height: 380 });
  await context.close();
});
