// Everybody comes back at once: a network that was gone, a restart, a house full of people behind one address. Whoever
// knocks is let in or told when to come back, and no conversation has lost a word.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { start, until, Visitor, words } from "./harness.mjs";

const GUESTS = 50;
const TABS = 4;
/** Sockets that one conversation holds (`CONVERSATION_SOCKETS` in `shared/src/limits.rs`). */
const ROOM = 24;

let deployment;
before(async () => {
  deployment = await start();
});
after(() => deployment?.close());

const closed = (socket) => new Promise((resolve) => {
  socket.addEventListener("close", resolve);
  socket.close();
});
const caughtUp = (socket) => until(() => socket.events.find((event) => event.Catchup)?.Catchup, "a catch-up");

/** Knocks until it is let in; a refusal must say when to come back. */
async function comeBack(guest, after) {
  for (let tries = 0; tries < 3; tries++) {
    const answer = await guest.knock();
    if (answer.status === 101) return guest.resume(answer, after);
    assert.equal(answer.status, 429);
    assert.match(answer.headers.get("content-type"), /problem\+json/);
    const seconds = Number(answer.headers.get("retry-after"));
    assert.ok(seconds > 0 && seconds <= 60, `Retry-After: ${answer.headers.get("retry-after")}`);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
  throw new Error("was never let in");
}

test("two hundred sockets that come back at once from one address find every conversation alive and complete", async () => {
  const guests = await Promise.all(
    Array.from({ length: GUESTS }, async (_, index) => {
      // New conversations are limited by address; whoever comes back is the one address of `Deployment.call`.
      const guest = new Visitor(deployment, undefined, `198.51.100.${index + 1}`);
      await guest.write("Hello");
      guest.seen = (await guest.answered()).length;
      return guest;
    }),
  );
  const tabs = guests.flatMap((guest) => Array(TABS).fill(guest));
  const sockets = await Promise.all(tabs.map((guest) => guest.join(guest.seen)));
  await Promise.all(sockets.map(caughtUp));
  await Promise.all(sockets.map(closed));
  await Promise.all(guests.map((guest) => guest.write("Is anybody there?")));
  const missed = await Promise.all(guests.map((guest) => guest.answered(2)));

  const back = await Promise.all(tabs.map((guest) => comeBack(guest, guest.seen)));
  for (const [index, socket] of back.entries()) {
    const { messages, more } = await caughtUp(socket);
    const guest = guests.indexOf(tabs[index]);
    assert.deepEqual(messages, missed[guest].slice(guests[guest].seen));
    assert.equal(more, false);
  }

  const sent = await Promise.all(guests.map((guest) => guest.write("What time is breakfast?")));
  await Promise.all(back.map((socket) => until(() => socket.events.some((event) => event.TurnEnded), "the answer")));
  for (const [index, socket] of back.entries()) {
    const heard = socket.events.filter((event) => event.Message).map((event) => event.Message);
    assert.equal(heard.filter(({ id }) => id === sent[guests.indexOf(tabs[index])].id).length, 1);
    assert.match(words(heard.at(-1)), /breakfast/i);
  }
  const threads = await Promise.all(guests.map((guest) => guest.answered(3)));
  for (const messages of threads) {
    assert.deepEqual(messages.map(({ sequence }) => sequence), messages.map((_, index) => index + 1));
    assert.equal(messages.length, 6);
  }
  back.forEach((socket) => socket.close());
});

test("a conversation holds a number of sockets; the next one is told when to come back, and is let in when one goes", async () => {
  const guest = new Visitor(deployment);
  await guest.write("Hello");
  await guest.answered();
  const answers = await Promise.all(Array.from({ length: ROOM + 6 }, () => guest.knock()));
  const sockets = answers.filter(({ status }) => status === 101).map((answer) => guest.resume(answer));
  assert.equal(sockets.length, ROOM);
  for (const answer of answers.filter(({ status }) => status !== 101)) {
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    assert.equal((await answer.json()).type, "urn:loquet:problem:rate-limited");
  }
  await Promise.all(sockets.map(caughtUp));
  await closed(sockets.pop());
  sockets.push(await comeBack(guest, 0));
  await caughtUp(sockets.at(-1));
  const { id } = await guest.write("What time is breakfast?");
  for (const socket of sockets) {
    await until(() => socket.events.some((event) => event.TurnEnded), "the answer");
    assert.equal(socket.events.filter((event) => event.Message?.id === id).length, 1);
  }
  sockets.forEach((socket) => socket.close());
});
