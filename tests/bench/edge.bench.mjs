// What the Worker adds to an answer: first words and whole answers through it, against a direct call to the same fake
// provider in the same run, for 1 and for 50 visitors. Figures are medians in milliseconds, what the Worker adds to them and
// their ratio; and how many messages a second were answered to their end while all visitors wrote at once.

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

/** Everybody once, at the same time: what each measured, and how long it took until the last was done. */
async function round(people, one) {
  const began = performance.now();
  const runs = await Promise.all(people.map(one));
  return { runs, ms: performance.now() - began };
}

const rows = [];
const speeds = [];
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
  for (let count = 0; count < ROUNDS; count++) {
    straight.push(await round(people, () => direct()));
    worker.push(await round(people, ([visitor, socket]) => through(visitor, socket)));
  }
  for (const part of ["first", "last"]) {
    const [plain, ours] = [straight, worker].map((rounds) => median(rounds.flatMap(({ runs }) => runs.map((run) => run[part]))));
    rows.push({
      visitors,
      until: `${part} words`,
      "direct ms": plain.toFixed(1),
      "worker ms": ours.toFixed(1),
      "overhead ms": (ours - plain).toFixed(1),
      ratio: (ours / plain).toFixed(2),
    });
  }
  const [plain, ours] = [straight, worker].map((rounds) => {
    const ms = rounds.reduce((sum, round) => sum + round.ms, 0);
    return (visitors * ROUNDS * 1_000) / ms;
  });
  speeds.push({ visitors, "direct messages/s": plain.toFixed(1), "worker messages/s": ours.toFixed(1), ratio: (ours / plain).toFixed(2) });
  people.forEach(([, socket]) => socket.close());
}
console.table(rows);
console.table(speeds);
await deployment.close();
await mock.stop();
