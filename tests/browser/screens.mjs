// The way to every screen of the frame, in one visit: tests that must hold on each of them walk along here. The list is
// the frame's own (`widget/screens.json`, which a test beside the enum holds equal to it), so none can be forgotten.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { entry, frameOf } from "./harness.mjs";

/** The screens, by the name that the panel carries as `data-screen`. */
export const SCREENS = JSON.parse(readFileSync(new URL("../../widget/screens.json", import.meta.url), "utf8"));

/** Markdown of every kind, a line that can't be broken, and words in the other direction. */
const ANSWER = [
  "Breakfast is **served** from *7:30*, see `the card`:\n\n- bread\n- [the terrace](https://maison-lumiere.example/terrace)\n\n",
  `1. first\n2. second\n\n\`\`\`\n${"code ".repeat(40)}\n\`\`\`\n\n${"unbroken".repeat(40)} — שלום، أهلاً`,
];
const QUESTION = `What time is breakfast? https://maison-lumiere.example/${"long".repeat(60)}`;

/** A provider's reply that waits to be let go on: after its first words, or before them. */
function held(silent) {
  const gate = {
    /** What is seen of an answer that waits. */
    sign: silent ? "#live .dots i:first-child" : "#live-words strong",
    async reply(call) {
      if (!silent) await call.say(ANSWER[0]);
      await new Promise((resolve) => (gate.open = resolve));
      if (silent) await call.say(ANSWER[0]);
      await call.say(ANSWER[1]);
      call.end();
    },
  };
  return gate;
}

/** How one gets from each screen to the next. The order is the way. */
const WAYS = {
  empty: async () => {},
  waiting: async ({ frame, gate, send }) => {
    await send(QUESTION);
    await frame.locator(gate.sign).waitFor();
  },
  chat: async ({ frame, gate }) => {
    gate.open();
    await frame.locator('#log [data-origin="ai"]').waitFor();
  },
  offline: ({ page }) => page.context().setOffline(true),
  failed: async ({ page, send, at }) => {
    await page.context().setOffline(false);
    await at("chat");
    const problem = {
      type: "urn:loquet:problem:internal", title: "Something failed.", status: 500, reference: "ref_01jd3k8v6q4w9x2t7y5z0abcde",
    };
    await page.route("**/messages", (route) =>
      route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify(problem) }), { times: 1 });
    await send("Can we bring a dog?");
  },
  about: async ({ frame, gate, at }) => {
    // By its place: the button's words are in the visitor's language.
    await frame.locator("#log .retry").click();
    await at("waiting");
    await frame.locator(gate.sign).waitFor();
    gate.open();
    await at("chat");
    await frame.locator("#open-about").click();
  },
  closed: async ({ world, page, frame }) => {
    await frame.locator("#back").click();
    const { conversation } = await entry(page);
    const { SHARD_0: shard } = await world.deployment.env();
    await shard.prepare("UPDATE conversation SET state = 'closed' WHERE id = ?").bind(conversation).run();
    await page.reload();
    await frame.locator('#log [data-origin="ai"]').first().waitFor();
  },
  over: async ({ page, frame, gate, at, send }) => {
    // The next word opens it again; what the edge then no longer knows is over.
    await send("One more thing?");
    await at("waiting");
    await frame.locator(gate.sign).waitFor();
    gate.open();
    await at("chat");
    const problem = { type: "urn:loquet:problem:not-found", title: "There is nothing here.", status: 404, reference: "ref_01jd3k8v6q4w9x2t7y5z0abcde" };
    await page.route("**/person", (route) =>
      route.fulfill({ status: 404, contentType: "application/problem+json", body: JSON.stringify(problem) }), { times: 1 });
    await frame.locator("#person").click();
  },
};

/** Visits a page and walks through every screen; `look` is told which. `silent`: while it waits, no word has come yet. */
export async function walk(world, fake, { silent = false, ...options }, look) {
  const gate = held(silent);
  fake.reply = gate.reply;
  const page = await world.visit({ ...options, attributes: `${options.attributes ?? ""} data-open` });
  const frame = page.frameLocator("iframe");
  const at = (screen) => frame.locator(`#panel[data-screen="${screen}"]`).waitFor();
  const send = async (text) => {
    await frame.locator("#message").fill(text);
    await frame.locator("#message").press("Enter");
  };
  await frame.locator("#strip section").waitFor();
  const walked = [];
  for (const [screen, go] of Object.entries(WAYS)) {
    await go({ world, page, frame, gate, at, send });
    await at(screen);
    const document = frameOf(page);
    // Whatever fades in has arrived; what breathes for ever may go on.
    await document.evaluate(() =>
      Promise.all(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity).map(({ finished }) => finished.catch(() => {}))),
    );
    await look({ screen, page, document });
    walked.push(screen);
  }
  assert.deepEqual(walked.sort(), [...SCREENS].sort(), "every screen has a way, and was looked at");
  await page.context().close();
}
