// Answers of real wire formats: a third-party fake speaks the providers' protocols over a real socket.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import { start, until, Visitor, words } from "./harness.mjs";

let mock;
let deployment;
before(async () => {
  mock = new LLMock({ port: 0, host: "127.0.0.1", latency: 1, chunkSize: 3 });
  mock.onMessage(/breakfast/i, { content: "Breakfast is served from **7:30** to 10:30." });
  mock.onMessage(/mail/i, { content: "I will write to ⟦email-1⟧ today." });
  mock.onMessage(/.*/, { content: "Yes." });
  const url = await mock.start();
  deployment = await start({
    vars: {
      OPENAI_API_KEY: "test", OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: `${url}/v1`,
    },
  });
});
after(async () => {
  await deployment.close();
  await mock.stop();
});

test("an answer streams from a server that speaks Chat Completions", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("Hello");
  await visitor.answered();
  const socket = await visitor.join();
  await until(() => socket.events.length, "a catch-up");
  await visitor.write("What time is breakfast?");
  await until(() => socket.events.some((event) => event.TurnEnded), "the end of the turn");
  const deltas = socket.events.filter((event) => event.Delta);
  assert.ok(deltas.length > 3, "it came in pieces");
  const message = socket.events.findLast((event) => event.Message?.origin === "ai").Message;
  assert.equal(words(message), "Breakfast is served from **7:30** to 10:30.");
  assert.equal(deltas.map((event) => event.Delta.text).join(""), words(message));
  assert.equal(message.ai.provider, "openai");
  socket.close();
});

test("B11: an address never reaches the provider and stands in the answer all the same", async () => {
  const visitor = new Visitor(deployment);
  await visitor.write("My mail is ada@example.org, write to it");
  const [, answer] = await visitor.answered();
  assert.equal(words(answer), "I will write to ada@example.org today.");
  assert.ok(!JSON.stringify(mock.getRequests()).includes("ada@example.org"));
});
