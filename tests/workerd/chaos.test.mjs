// Providers that fail, as a third-party fake fails: whatever they do, the visitor reads an honest answer, what was
// written is kept, and the next message works.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import { business, start, until, Visitor, words } from "./harness.mjs";

const ANSWER = "Breakfast is served from half past seven to half past ten, under the lime trees.";
const SITES = {
  openai: business({ site: { answerers: ["openai"] } }),
  anthropic: business({ site: { answerers: ["anthropic"] } }),
};

let mock;
let deployment;
let address = 0;
before(async () => {
  mock = new LLMock({ port: 0, host: "127.0.0.1", latency: 1, chunkSize: 4, logLevel: "silent" });
  const url = await mock.start();
  deployment = await start({
    businesses: Object.values(SITES),
    vars: {
      OPENAI_API_KEY: "test", OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: `${url}/v1`,
    },
  });
});
after(async () => {
  await deployment?.close();
  await mock?.stop();
});

/** Lets the provider do this to a question about breakfast, and answer a thank-you. */
function fail(response, options) {
  mock.reset();
  // First the later one: two messages in a row without an answer of the model's go out as one.
  mock.onMessage(/thank/i, { content: "You are welcome." });
  mock.onMessage(/breakfast|jupiter/i, response, options);
}

/** A visitor of a business that one provider answers for. Addresses differ, or the limit for one would hold them back. */
const visitor = (name) => new Visitor(deployment, SITES[name].site.id, `203.0.113.${++address}`);

/** The provider works again, and so does the conversation: nothing of it is lost or doubled. */
async function goesOn(visitor, provider, before) {
  await visitor.write("Thank you");
  const messages = await until(async () => {
    const { messages, turn } = await visitor.read();
    return !turn && messages.length === before.length + 2 && messages;
  }, "the next answer");
  assert.deepEqual(messages.slice(0, before.length), before);
  assert.deepEqual(messages.map(({ sequence }) => sequence), messages.map((_, index) => index + 1));
  assert.equal(words(messages.at(-1)), "You are welcome.");
  assert.equal(messages.at(-1).ai.provider, provider);
}

const refusal = (status, type) => ({ error: { message: "No.", type }, status });
const SILENT = {
  "answers 429": [{ content: ANSWER }, { chaos: { rateLimitRate: 1 } }],
  "answers 500": [{ content: ANSWER }, { chaos: { dropRate: 1 } }],
  "answers nonsense JSON": [{ content: ANSWER }, { chaos: { malformedRate: 1 } }],
  "breaks the connection": [{ content: ANSWER }, { chaos: { disconnectRate: 1 } }],
  "answers 400": [refusal(400, "invalid_request_error")],
  "answers 401": [refusal(401, "authentication_error")],
  "answers 529": [refusal(529, "overloaded_error")],
  "calls a tool that nobody offered": [{ toolCalls: [{ name: "booking_delete", arguments: '{"all":true}' }] }],
};

for (const provider of Object.keys(SITES)) {
  for (const [fault, [response, options]] of Object.entries(SILENT)) {
    test(`when ${provider} ${fault}, the business's own pages answer, and the next message works`, async () => {
      fail(response, options);
      const guest = visitor(provider);
      await guest.write("What time is breakfast?");
      const messages = await guest.answered();
      assert.equal(mock.getRequests().length, 1, "the provider was asked, once");
      const [question, answer] = messages;
      assert.equal(words(question), "What time is breakfast?");
      assert.equal(answer.ai.provider, "builtin");
      assert.match(words(answer), /breakfast/i);
      assert.ok(answer.body.Text.sources.length > 0);
      assert.equal(messages.length, 2);
      await goesOn(guest, provider, messages);
    });
  }

  test(`when ${provider} fails at what no page answers, that is said, and a person is offered`, async () => {
    fail(...SILENT["answers 500"]);
    const guest = visitor(provider);
    await guest.write("Which moon of Jupiter is the largest?");
    const messages = await guest.answered();
    assert.equal(messages.length, 2);
    assert.equal(messages[1].origin, "system");
    assert.ok("NothingFound" in messages[1].body.Notice);
    await goesOn(guest, provider, messages);
  });

  const CUT = {
    "cuts its stream": [{ content: ANSWER }, { truncateAfterChunks: 9 }],
    "calls a tool in the middle of an answer": [{ content: ANSWER, toolCalls: [{ name: "booking_delete", arguments: "{}" }] }],
  };
  for (const [fault, [response, options]] of Object.entries(CUT)) {
    test(`when ${provider} ${fault}, its words stay, the end is told, and nobody else is asked`, async () => {
      fail(response, options);
      const guest = visitor(provider);
      await guest.write("What time is breakfast?");
      const messages = await guest.answered(2);
      const [, answer, notice] = messages;
      assert.equal(answer.ai.provider, provider);
      assert.ok(words(answer).length > 0 && ANSWER.startsWith(words(answer)), words(answer));
      assert.equal(notice.body.Notice, "AnswerCut");
      assert.equal(messages.length, 3);
      assert.equal(mock.getRequests().length, 1);
      await goesOn(guest, provider, messages);
    });
  }
}
