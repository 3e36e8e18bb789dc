// Every screen, in every look: what machines can check of accessibility, and what must hold for eyes and hands that
// need more room, more contrast or less motion.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { provider } from "../workerd/fake.mjs";
import { open } from "./harness.mjs";
import { SCREENS, walk } from "./screens.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const LOOKS = {
  "as it is": { contrast: "no-preference", forcedColors: "none" },
  "with more contrast": { contrast: "more", forcedColors: "none" },
  "with forced colours": { contrast: "no-preference", forcedColors: "active" },
};

let fake;
let world;
before(async () => {
  fake = await provider();
  world = await open({ vars: fake.vars });
});
after(async () => {
  await world?.close();
  fake?.close();
});

/** What axe finds in a document, or in a part of it. */
async function violations(document, part, forced) {
  if (!(await document.evaluate(() => "axe" in window))) await document.evaluate(axe);
  const found = await document.evaluate(
    ([runOnly, within, contrast]) =>
      window.axe.run(within ?? document, { runOnly, iframes: false, resultTypes: ["violations"], rules: { "color-contrast": { enabled: contrast } } }),
    // Forced colours are the visitor's own, and axe would read the ones that they replace (`-webkit-text-fill-color`).
    [RULES, part, !forced],
  );
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 120)} ${failureSummary}`).join("; ")}`);
}

/** Where colours are forced, backgrounds are gone: what they told apart needs a line. Runs in the page. */
const unlined = () =>
  [...document.querySelectorAll(".bubble, button:not(.link), textarea, .strip, .sources a")]
    .filter((element) => element.checkVisibility() && parseFloat(getComputedStyle(element).borderTopWidth) === 0)
    .map((element) => element.outerHTML.slice(0, 120));

for (const theme of ["light", "dark"]) {
  for (const [locale, direction] of [["en", "ltr"], ["ar", "rtl"]]) {
    test(`axe finds nothing on any of ${SCREENS.length} screens: ${theme}, ${direction}`, async () => {
      const found = {};
      const options = { attributes: `data-locale="${locale}" data-theme="${theme}"`, context: { colorScheme: theme } };
      await walk(world, fake, options, async ({ screen, page, document }) => {
        assert.equal(await document.evaluate(() => document.documentElement.dir), direction);
        for (const [look, media] of Object.entries(LOOKS)) {
          await page.emulateMedia(media);
          for (const [where, place, part] of [["", document], ["launcher beside ", page.mainFrame(), "loquet-chat"]]) {
            await place.waitForFunction(
              ({ contrast, forcedColors }) => matchMedia(`(prefers-contrast: ${contrast}) and (forced-colors: ${forcedColors})`).matches,
              media,
            );
            const seen = await violations(place, part, media.forcedColors === "active");
            if (seen.length) found[`${where}${screen}, ${look}`] = seen;
          }
          if (media.forcedColors === "active") {
            const bare = await document.evaluate(unlined);
            if (bare.length) found[`${screen}, ${look}: without a line`] = bare;
          }
        }
        await page.emulateMedia(LOOKS["as it is"]);
      });
      assert.deepEqual(found, {});
    });
  }
}

/** What moves now, in the frame and around it. */
const moving = (document) =>
  document.evaluate(() => document.getAnimations().filter(({ playState }) => playState === "running").map(({ animationName, effect }) => `${animationName} ${effect.target?.className}`));

test("where less motion is asked for, nothing moves on any screen", async () => {
  const usual = {};
  await walk(world, fake, { silent: true }, async ({ screen, document }) => {
    usual[screen] = (await moving(document)).length;
  });
  assert.ok(usual.waiting > 0, "what waits moves, where nobody minds");
  const found = {};
  await walk(world, fake, { silent: true, context: { reducedMotion: "reduce" } }, async ({ screen, page, document }) => {
    const seen = [...(await moving(document)), ...(await moving(page.mainFrame()))];
    if (seen.length) found[screen] = seen;
  });
  assert.deepEqual(found, {});
});

const ROOMS = {
  "at 200 % zoom of a laptop's window": { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 },
  "at 400 % zoom, which is 320 pixels wide": { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
  "on a phone 320 pixels wide": { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2, hasTouch: true },
};
for (const [room, context] of Object.entries(ROOMS)) {
  for (const locale of ["en", "ar"]) {
    test(`${room} nothing on any screen is cut off or scrolls sideways: ${locale}`, async () => {
      const found = {};
      await walk(world, fake, { attributes: `data-locale="${locale}"`, context }, async ({ screen, page, document }) => {
        const box = await page.locator("iframe").boundingBox();
        assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, context.viewport.width, context.viewport.height]);
        const outside = await document.evaluate(() => {
          const wide = [];
          for (const element of document.querySelectorAll("body, body *")) {
            const { left, right, width, height } = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            // Words for screen readers only have no place, and code may scroll within itself.
            if (!width || !height || element.closest(".unseen, pre, svg") || style.visibility === "hidden") continue;
            if (left < -0.5 || right > innerWidth + 0.5) wide.push(`${element.localName}#${element.id}.${element.className} ${left}..${right}`);
          }
          const scrolls = [document.scrollingElement, ...document.querySelectorAll("#thread, #about, #chat, #panel")]
            .filter((element) => element.scrollWidth > element.clientWidth)
            .map((element) => `${element.localName}#${element.id} scrolls to ${element.scrollWidth}`);
          return [...wide, ...scrolls];
        });
        if (outside.length) found[screen] = outside;
        if (screen === "about") return;
        const composer = await document.locator("#message").boundingBox();
        assert.ok(composer.y >= 0 && composer.y + composer.height <= context.viewport.height, `${screen}: the composer is in view`);
      });
      assert.deepEqual(found, {});
    });
  }
}
