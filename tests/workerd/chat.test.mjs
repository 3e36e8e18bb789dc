// A conversation on workerd: answers, sockets, hibernation, drops, and what the databases hold.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mintId, start, until, Visitor, words } from "./harness.mjs";

let deployment;
before(async () => {
  deployment = await start();
});
after(() => deployment?.close());

test("the demo answers in two languages, with sources and without a key", async () => {
  const english = new Visitor(deployment);
  await english.write("What time is breakfast?");
  const [, answer] = await english.answered();
  assert.equal(answer.origin, "ai");
  assert.match(words(answer), /breakfast/i);
  assert.ok(answer.body.Text.sources.length > 0);
  const french = new Visitor(deployment);
  await french.write("Peut-on venir avec un chien ?", { locale: "fr" });
  const [, reply] = await french.answered();
  assert.match(words(reply), /chien/i);
  assert.ok(reply.body.Text.sources.length > 0);
});

test("a socket hears messages, the turn and its words", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  await visitor.answered();
  const socket = await visitor.join();
  await until(() => socket.events.some((event) => event.Catchup), "a catch-up");
  await visitor.write("What time is breakfast?");
  await until(() => socket.events.some((event) => event.TurnEnded), "the end of the turn");
  const kinds = socket.events.map((event) => Object.keys(event)[0]);
  assert.ok(kinds.indexOf("TurnStarted") < kinds.indexOf("Delta"));
  assert.ok(kinds.indexOf("Delta") < kinds.lastIndexOf("Message"));
  assert.ok(kinds.lastIndexOf("Message") < kinds.lastIndexOf("TurnEnded"));
  socket.close();
});

test("a ticket opens one socket, once", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  const socket = await visitor.join();
  const again = await deployment.fetch(`/v1/widget/conversations/${visitor.conversation}/live`, {
    headers: { upgrade: "websocket", "sec-websocket-protocol": `loquet.v1, ${socket.usedTicket}` },
  });
  assert.equal(again.status, 401);
  socket.close();
});

test("after an eviction in hibernation the next message arrives once, on the same socket", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  const messages = await visitor.answered();
  const socket = await visitor.join(messages.at(-1).sequence);
  await until(() => socket.events.some((event) => event.Catchup), "a catch-up");
  await deployment.worker.evictDurableObject("CONVERSATION", { name: visitor.conversation, webSockets: "hibernate" });
  const sent = await visitor.write("Still there?");
  await until(() => socket.events.some((event) => event.TurnEnded), "the end of the turn");
  const heard = socket.events.filter((event) => event.Message?.sequence === sent.sequence);
  assert.equal(heard.length, 1);
  socket.close();
});

test("heartbeats are answered and nonsense closes the socket", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  const socket = await visitor.join();
  socket.send("ping");
  await until(() => socket.events.includes("pong"), "a pong");
  let code;
  socket.addEventListener("close", (event) => (code = event.code));
  socket.send("{\"Delete\":\"everything\"}");
  await until(() => code, "the close");
  assert.equal(code, 1008);
});

test("two tabs of one conversation hear the same", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  await visitor.answered();
  const [one, two] = [await visitor.join(), await visitor.join()];
  await until(() => one.events.length && two.events.length, "both catch-ups");
  await visitor.write("What time is breakfast?");
  for (const socket of [one, two]) await until(() => socket.events.some((event) => event.TurnEnded), "the end");
  const told = (socket) => socket.events.filter((event) => event.Message).map((event) => event.Message.id);
  assert.deepEqual(told(one), told(two));
  one.close();
  two.close();
});

test("two hundred drafts, many sent twice and at once, become two hundred messages in order", async () => {
  // Rate limits hold a person back; this many at once come from twenty of them.
  const visitors = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const visitor = new Visitor(deployment, undefined, `198.51.100.${index}`);
      await visitor.write("message 0");
      return visitor;
    }),
  );
  await Promise.all(
    visitors.map(async (visitor) => {
      const drafts = Array.from({ length: 9 }, () => mintId("drf"));
      await Promise.all(
        drafts.flatMap((draft, index) =>
          Array.from({ length: 1 + (index % 3) }, () => visitor.write(`message ${index + 1}`, { draft })),
        ),
      );
    }),
  );
  for (const visitor of visitors) {
    const { messages } = await until(async () => {
      const page = await visitor.read();
      return page.turn ? undefined : page;
    }, "the last answer");
    const own = messages.filter((message) => message.origin === "visitor");
    assert.equal(own.length, 10);
    assert.equal(new Set(own.map(words)).size, 10);
    assert.deepEqual(messages.map((message) => message.sequence), messages.map((_, index) => index + 1));
  }
});

test("what visitors write is found nowhere in the databases, the bucket or the objects", async () => {
  const canary = `canary${Date.now()}`;
  const visitor = new Visitor(deployment);
  await visitor.write(`My name is ${canary}`);
  await visitor.answered();
  const env = await deployment.env();
  for (const binding of ["DIRECTORY", "SHARD_0", "SHARD_1"]) {
    const { results: tables } = await env[binding].prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    for (const { name } of tables.filter(({ name }) => !name.startsWith("_cf") && !name.startsWith("sqlite"))) {
      const { results } = await env[binding].prepare(`SELECT * FROM "${name}"`).all();
      for (const row of results) {
        for (const value of Object.values(row)) {
          const text = Array.isArray(value) ? Buffer.from(value).toString("latin1") : String(value);
          assert.ok(!text.includes(canary) && !text.includes("203.0.113.9"), `${binding}.${name}`);
        }
      }
    }
  }
  const { objects } = await env.KEYS.list();
  assert.ok(objects.length > 0);
  for (const { key } of objects) {
    const bytes = Buffer.from(await (await env.KEYS.get(key)).arrayBuffer());
    assert.ok(!bytes.includes(canary), key);
  }
  assert.ok(!JSON.stringify(deployment.server.getLogs()).includes(canary));
});

test("P4.5: a cron run on day 30 forgets addresses and destroys the key of their day", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  const env = await deployment.env();
  const shard = env.SHARD_0;
  const addresses = async () => (await shard.prepare("SELECT count(*) AS n FROM visitor_address").first()).n;
  assert.ok((await addresses()) > 0);
  const day = 86_400_000;
  await deployment.worker.scheduled({ cron: "17 * * * *", scheduledTime: new Date(Date.now() + 29 * day) });
  assert.ok((await addresses()) > 0, "a day early they are still there");
  await deployment.worker.scheduled({ cron: "17 * * * *", scheduledTime: new Date(Date.now() + 30 * day) });
  assert.equal(await addresses(), 0);
  await deployment.worker.scheduled({ cron: "*/5 * * * *", scheduledTime: new Date(Date.now() + 30 * day) });
  const { results } = await shard.prepare("SELECT state FROM seal_key WHERE owner_kind = 'day'").all();
  assert.ok(results.length > 0 && results.every(({ state }) => state === 2), "every key of that day is destroyed");
  const runs = await env.DIRECTORY.prepare("SELECT job, outcome FROM job_run ORDER BY id").all();
  const hourly = [
    "accounts_purge", "addresses_forget", "conversations_purge", "files_purge", "inbox_digests", "notices_revise",
    "numbers_purge", "records_purge", "requests_remind", "roots_rewrap", "slabs_sweep",
  ];
  const often = [
    "alarms_tell", "deletions_run", "erasures_resume", "keys_destroy", "mails_sweep", "replays_run", "ticks_count",
    "webhooks_sweep",
  ];
  assert.deepEqual(new Set(runs.results.map(({ job }) => job)), new Set([...hourly, ...often]));
  assert.ok(runs.results.every(({ outcome }) => outcome === "done"));
  const { n } = await shard.prepare("SELECT count(*) AS n FROM message WHERE conversation = ?").bind(visitor.conversation).first();
  assert.ok(n > 0, "conversations are untouched");
});
