// Two businesses in two shards: neither sees the other, and each shard holds its own only.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { business, demo, start, Visitor, words } from "./harness.mjs";

const other = business({
  shard: 1,
  knowledge: [{ locale: "en", title: "Ferry", body: "The ferry to the island leaves at 8:10 every morning." }],
});

let deployment;
before(async () => {
  deployment = await start({ businesses: [demo, other] });
});
after(() => deployment?.close());

test("P8.4: each business answers from its own knowledge and keeps its rows in its own shard", async () => {
  const [first, second] = [new Visitor(deployment), new Visitor(deployment, other.site.id)];
  await first.write("When does the ferry leave in the morning?");
  await second.write("When does the ferry leave?");
  assert.ok(!words((await first.answered())[1]).includes("8:10"));
  assert.match(words((await second.answered())[1]), /8:10/);
  const env = await deployment.env();
  for (const [binding, business] of [["SHARD_0", demo.business.id], ["SHARD_1", other.business.id]]) {
    const { results } = await env[binding].prepare("SELECT DISTINCT business FROM message").all();
    assert.deepEqual(results, [{ business }]);
  }
});

test("P8.4: a token of one business opens nothing of the other", async () => {
  const [first, second] = [new Visitor(deployment), new Visitor(deployment, other.site.id)];
  await first.write("mine");
  await second.write("theirs");
  const path = `/v1/widget/conversations/${second.conversation}/messages`;
  await assert.rejects(deployment.call("GET", path, first.token), /not-found/);
});
