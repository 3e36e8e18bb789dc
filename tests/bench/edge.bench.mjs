// What the Worker adds to an answer: first words and whole answers through it, against a direct call to the same fake
// provider in the same run, for 1 and for 50 visitors. Figures are medians in milliseconds and their ratio.

import { LLMock } from "@copilotkit/aimock";
import { start, Visitor } from "../workerd/harness.mjs";

const WORDS = "Breakfast is served from half past seven to half past ten, under the lime trees.";
const ROUNDS = 5;

const mock = new LLMock({ port: 0, host: "127.0.0.1", latency: 5, chunkSize: 8 });
mock.onMessage(/.*/, { content: WORDS });
const url = await mock.start();
const deployment = await start({ vars: { OPENAI_API_KEY: "bench", OPENAI_BASE_URL: `${url}/v1` } });

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** A direct call: to the first words, and to the last. */
async function direct() {
  const began = performance.now();
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer bench" },
    body: JSON.stringify({ model: "bench", stream: true, messages: [{ role: "user", content: "Breakfast?" }] }),
  });
  let first;
  for await (const chunk of answer.body) {
    if (!first && Buffer.from(chunk).includes('"content"')) first = performance.now() - began;
  }
  return { first, last: performance.now() - began };
}

/** A visitor's message through the Worker: to the first `Delta` on the socket, and to the end of the turn. */
async function through(visitor, socket) {
  const began = performance.now();
  const heard = (name) =>
    new Promise((resolve) => {
      const listen = ({ data }) => {
        if (!data.startsWith(`{"${name}"`)) return;
        socket.removeEventListener("message", listen);
        resolve(performance.now() - began);
      };
      socket.addEventListener("message", listen);
    });
  const [first, last] = [heard("Delta"), heard("TurnEnded")];
  await visitor.write("When is breakfast?");
  return { first: await first, last: await last };
}

const rows = [];
for (const visitors of [1, 50]) {
  const people = [];
  for (let count = 0; count < visitors; count++) {
    // Addresses are told apart, so that the limit for one address does not hold the crowd back.
    const visitor = new Visitor(deployment, undefined, `203.0.113.${count + 1}`);
    await visitor.write("Hello");
    await visitor.answered();
    people.push([visitor, await visitor.join(2)]);
  }
  const [straight, worker] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    straight.push(...(await Promise.all(people.map(() => direct()))));
    worker.push(...(await Promise.all(people.map(([visitor, socket]) => through(visitor, socket)))));
  }
  for (const part of ["first", "last"]) {
    const [plain, ours] = [straight, worker].map((runs) => median(runs.map((run) => run[part])));
    rows.push({ visitors, until: `${part} words`, "direct ms": plain.toFixed(1), "worker ms": ours.toFixed(1), ratio: (ours / plain).toFixed(2) });
  }
  people.forEach(([, socket]) => socket.close());
}
console.table(rows);
await deployment.close();
await mock.stop();
