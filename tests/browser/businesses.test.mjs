// Two businesses in two shards of one deployment, each on a page of its own: what is said to one never reaches the other.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { business } from "../workerd/harness.mjs";
import { ask, demo, entry, frameOf, open, transcript } from "./harness.mjs";

const inn = business({
  shard: 1,
  about: {
    name: "Gasthof Linde",
    controller: "Gasthof Linde GmbH, Dorfstraße 1, 83370 Seeon, Germany",
    contact: "post@gasthof-linde.example",
    notice_url: "https://gasthof-linde.example/datenschutz",
    officer: "dsb@gasthof-linde.example",
  },
  site: {
    name: "Gasthof Linde",
    greeting: { en: "Welcome to Gasthof Linde." },
    quick_questions: { en: ["When does the ferry leave?"] },
    instructions: "You answer for Gasthof Linde.",
  },
  knowledge: [{ locale: "en", title: "Ferry to the island", body: "The ferry to the island leaves at 8:10 every morning." }],
});

let world;
before(async () => {
  world = await open({ businesses: [demo, inn] });
});
after(() => world?.close());

/** Everything in a frame's document, its scripts' data included. */
const everything = (page) => frameOf(page).evaluate(() => document.documentElement.outerHTML);

test("P8.4: two visitors at once see only their own business, its answers and their own conversation", async () => {
  const pages = await Promise.all([world.visit(), world.visit({ site: inn.site.id })]);
  const [house, island] = await Promise.all(pages.map((page) => world.chat(page)));
  await Promise.all([ask(house, "When does the ferry to the island leave?"), ask(island, "When does the ferry to the island leave?")]);
  const [ofHouse, ofIsland] = await Promise.all([house, island].map(transcript));
  assert.ok(!ofHouse.join().includes("8:10"));
  assert.match(ofIsland[1], /8:10/);
  await Promise.all([ask(house, "What time is breakfast? I am Ada."), ask(island, "What time is breakfast? I am Grace.")]);
  assert.match((await transcript(house)).join(), /8:00|7:30|breakfast/i);

  for (const [page, frame, own, foreign] of [
    [pages[0], house, demo, [inn, "Grace"]],
    [pages[1], island, inn, [demo, "Ada"]],
  ]) {
    assert.equal(await frame.locator("header h1").innerText(), own.business.name);
    await frame.getByRole("button", { name: "About this chat" }).click();
    await frame.getByText(own.business.contact).waitFor();
    const text = await everything(page);
    const [{ business, site }, name] = foreign;
    for (const word of [business.name, business.id, business.contact, business.controller, business.officer, site.id, site.greeting.en, name]) {
      assert.ok(!text.includes(word), `${own.business.name} shows ${word}`);
    }
  }
});

test("P8.4: with ids and tokens swapped, everything of the other business is not there", async () => {
  const pages = await Promise.all([world.visit(), world.visit({ site: inn.site.id })]);
  const frames = await Promise.all(pages.map((page) => world.chat(page)));
  await Promise.all(frames.map((frame) => ask(frame, "Hello")));
  const [own, other] = await Promise.all(pages.map(entry));
  const visitorToken = (page) => frameOf(page).evaluate(() => JSON.parse(document.getElementById("loquet-frame").textContent).token);
  const token = await visitorToken(pages[0]);
  const tried = await frameOf(pages[0]).evaluate(
    async ([mine, theirs, visitor, site]) => {
      const thread = `/v1/widget/conversations/${theirs}`;
      const body = JSON.stringify({ draft: "drf_01jd3k8v6q4w9x2t7y5z0abcde", text: "x", locale: "en" });
      const call = async (method, path, bearer) => {
        const answer = await fetch(path, { method, headers: { authorization: `Bearer ${bearer}` }, ...(method === "POST" ? { body } : {}) });
        return [path, answer.status, (await answer.json()).type];
      };
      return Promise.all([
        call("GET", `${thread}/messages?after=0`, mine),
        call("POST", `${thread}/messages`, mine),
        call("POST", `${thread}/person`, mine),
        call("POST", `${thread}/tickets`, mine),
        call("POST", `${thread}/leave`, mine),
        call("POST", `/v1/widget/sites/${site}/conversations`, visitor),
        call("POST", `/v1/widget/sites/${site}/consents`, visitor),
      ]);
    },
    [own.token, other.conversation, token, inn.site.id],
  );
  for (const [path, status, type] of tried) assert.deepEqual([status, type], [404, "urn:loquet:problem:not-found"], path);

  // The device's entry itself, swapped: the chat begins anew, and shows nothing.
  const before = await transcript(frames[1]);
  await frameOf(pages[0]).evaluate(
    ([key, value]) => sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), conversation: value })),
    ["loquet", other.conversation],
  );
  await pages[0].reload();
  const fresh = await world.chat(pages[0]);
  assert.match(await (await ask(fresh, "What time is breakfast?")).innerText(), /breakfast/i);
  assert.equal((await transcript(fresh)).length, 2);
  assert.deepEqual(await transcript(frames[1]), before, "the other one is unharmed");
});

test("P8.4: in one tab, from one business's page to the other's, no conversation goes along", async () => {
  const page = await world.visit();
  await ask(await world.chat(page), "What time is breakfast? I am Ada.");
  const first = await entry(page);
  await page.goto(world.page({ site: inn.site.id }));
  const frame = await world.chat(page);
  assert.equal(await frame.locator("header h1").innerText(), "Gasthof Linde");
  assert.match(await (await ask(frame, "When does the ferry to the island leave?")).innerText(), /8:10/);
  assert.ok(!(await everything(page)).includes("Ada"));
  assert.equal((await transcript(frame)).length, 2);
  assert.notEqual((await entry(page)).conversation, first.conversation);
});
