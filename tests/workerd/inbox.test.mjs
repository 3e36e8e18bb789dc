// The inbox on workerd: two sockets in one thread and one over all, a person who takes over in mid-stream, and somebody who
// comes back after a drop. The provider is our own HTTP server, so that an answer can be held.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { provider } from "./fake.mjs";
import { Browser, business, mintId, start, until, Visitor, words } from "./harness.mjs";

const HOUSE = business({ site: { answerers: ["openai"] } });

let fake;
let deployment;
let manager;
let address = 0;
before(async () => {
  fake = await provider(async (call) => {
    await call.say("You are welcome.");
    call.end();
  });
  deployment = await start({ businesses: [HOUSE], vars: fake.vars });
  manager = new Browser(deployment);
  await manager.call("GET", "/dev/sign-in");
  await manager.ask("GET", "/v1/admin/session");
});
after(async () => {
  await deployment?.close();
  fake?.close();
});

const house = `/v1/admin/businesses/${HOUSE.business.id}`;
const guest = () => new Visitor(deployment, HOUSE.site.id, `203.0.113.${++address}`);
const thread = (visitor) => `${house}/conversations/${visitor.conversation}`;

/** A member's socket: of the inbox, or of one conversation. */
async function join(path, first) {
  const { ticket } = await manager.ask("POST", path.replace(/live$/, "tickets"));
  const headers = { upgrade: "websocket", "sec-websocket-protocol": `loquet.v1, ${ticket}` };
  const answer = await deployment.fetch(path, { headers });
  assert.equal(answer.status, 101, await (answer.webSocket ? "" : answer.text()));
  const again = await deployment.fetch(path, { headers });
  assert.equal(again.status, 401, "a ticket opens one socket");
  const socket = answer.webSocket;
  socket.events = [];
  socket.addEventListener("message", ({ data }) => socket.events.push(JSON.parse(data)));
  socket.accept();
  socket.send(JSON.stringify({ Resume: first }));
  return socket;
}

const heard = (socket, kind, check = () => true) =>
  until(() => socket.events.map((event) => event[kind]).find((event) => event && check(event)), kind);

const closed = (socket) => new Promise((resolve) => {
  socket.addEventListener("close", resolve);
  socket.close();
});

test("visitor and manager see each other typing, and read each other's words at once", async () => {
  const visitor = guest();
  await visitor.write("Hello");
  await visitor.answered();
  const there = await visitor.join();
  const desk = await join(`${thread(visitor)}/live`, { after: 0 });
  const { messages, notes } = await heard(desk, "Catchup");
  assert.deepEqual(messages.map(({ message }) => message.origin), ["visitor", "ai"]);
  assert.deepEqual(notes, []);

  there.send(JSON.stringify("Typing"));
  assert.equal(await heard(desk, "Typing"), "visitor");
  desk.send(JSON.stringify("Typing"));
  assert.equal((await heard(there, "Typing")).origin, "human");

  await manager.ask("POST", `${thread(visitor)}/take`, {});
  assert.equal(await heard(there, "State"), "human");
  const sent = await manager.ask("POST", `${thread(visitor)}/replies`, { draft: mintId("drf"), text: "Good evening." });
  assert.equal(sent.is_mailed, false);
  const answer = await heard(there, "Message", ({ origin }) => origin === "human");
  assert.deepEqual([words(answer), answer.author], ["Good evening.", "Camille Lumière"]);
  there.send(JSON.stringify({ Seen: { sequence: answer.sequence } }));
  const marks = await heard(desk, "Marks", ({ seen }) => seen === answer.sequence);
  assert.equal(marks.delivered, answer.sequence);

  await manager.ask("POST", `${thread(visitor)}/notes`, { draft: mintId("drf"), text: "A regular guest." });
  assert.equal((await heard(desk, "Note")).text, "A regular guest.");
  await visitor.write("Good evening!");
  await heard(desk, "Message", ({ message }) => words(message) === "Good evening!");
  assert.ok(!JSON.stringify(there.events).includes("regular guest"), "notes are for colleagues");
  await Promise.all([closed(there), closed(desk)]);
});

test("a person who takes over in mid-stream has the last word", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  fake.reply = async (call) => {
    await call.say("Breakfast is at");
    await held;
    await call.say(" seven, says the machine.");
    call.end();
  };
  const visitor = guest();
  await visitor.write("When is breakfast?");
  const there = await visitor.join();
  const desk = await join(`${thread(visitor)}/live`, { after: 0 });
  await until(async () => (await visitor.read()).turn?.text.includes("Breakfast"), "the machine's first words");
  await manager.ask("POST", `${thread(visitor)}/take`, {});
  await heard(there, "TurnEnded");
  await heard(desk, "TurnEnded");
  release();
  await manager.ask("POST", `${thread(visitor)}/replies`, { draft: mintId("drf"), text: "At eight today." });
  await visitor.write("Thank you");
  // What the machine would still say has had the time of a whole exchange to come.
  const { messages, state, person } = await visitor.read();
  assert.deepEqual([state, person], ["human", "Camille Lumière"]);
  assert.deepEqual(messages.map(({ origin }) => origin), ["visitor", "system", "human", "visitor"]);
  assert.ok(!JSON.stringify(there.events).includes("says the machine"));
  fake.reply = async (call) => {
    await call.say("You are welcome.");
    call.end();
  };
  await manager.ask("POST", `${thread(visitor)}/give-back`);
  const back = await until(async () => {
    const { messages, turn } = await visitor.read();
    return !turn && messages.at(-1).origin === "ai" && messages;
  }, "the machine's answer");
  assert.equal(words(back.at(-1)), "You are welcome.");
  await Promise.all([closed(there), closed(desk)]);
});

test("the list is live, and whoever was away gets each conversation that changed once, as it is now", async () => {
  const page = await manager.ask("GET", `${house}/conversations`);
  const inbox = await join(`${house}/inbox/live`, { after: page.cursor });
  assert.deepEqual((await heard(inbox, "Changes")).rows, []);
  assert.equal((await heard(inbox, "Presence")).length, 1);
  const visitor = guest();
  await visitor.write("Is there a sauna?");
  await visitor.answered();
  const row = await heard(inbox, "Row", ({ preview }) => preview?.origin === "ai");
  assert.deepEqual([row.conversation, row.work, row.unread], [visitor.conversation, "pending", true]);
  await closed(inbox);

  const other = guest();
  await other.write("And a pool?");
  await other.answered();
  for (const priority of ["high", "urgent"]) {
    await manager.ask("PUT", `${thread(visitor)}/priority`, { priority });
  }
  const back = await join(`${house}/inbox/live`, { after: page.cursor });
  const { rows, more } = await heard(back, "Changes");
  assert.equal(more, false);
  assert.deepEqual(rows.map(({ conversation }) => conversation).sort(), [visitor.conversation, other.conversation].sort());
  assert.equal(rows.find(({ conversation }) => conversation === visitor.conversation).priority, "urgent");
  const calm = await manager.ask("GET", `${house}/conversations/changes?after=${(await heard(back, "Changes")).cursor}`);
  assert.deepEqual(calm.rows, []);

  await deployment.call("POST", `/v1/widget/conversations/${visitor.conversation}/person`, visitor.token);
  const call = await heard(back, "Call");
  assert.deepEqual([call.conversation, call.is_mention], [visitor.conversation, false]);
  const found = await manager.ask("POST", `${house}/conversations/search`, { words: "sauna" });
  assert.deepEqual(found.rows.map(({ conversation }) => conversation), [visitor.conversation]);
  await closed(back);
});

test("a conversation that is dropped and joined again misses no word and no note", async () => {
  const visitor = guest();
  await visitor.write("One");
  await visitor.answered();
  const desk = await join(`${thread(visitor)}/live`, { after: 0 });
  const { messages } = await heard(desk, "Catchup");
  const cursor = messages.at(-1).message.sequence;
  await closed(desk);
  await manager.ask("POST", `${thread(visitor)}/take`, {});
  const note = await manager.ask("POST", `${thread(visitor)}/notes`, { draft: mintId("drf"), text: "First." });
  await visitor.write("Two");
  const back = await join(`${thread(visitor)}/live`, { after: cursor });
  const missed = await heard(back, "Catchup");
  assert.deepEqual(missed.messages.map(({ message }) => message.sequence), [cursor + 1, cursor + 2]);
  assert.deepEqual(missed.notes.map(({ id }) => id), [note.id]);
  await closed(back);
  const again = await join(`${thread(visitor)}/live`, { after: cursor + 2, after_note: note.id });
  const nothing = await heard(again, "Catchup");
  assert.deepEqual([nothing.messages, nothing.notes], [[], []]);
  again.send(JSON.stringify("nonsense"));
  await until(() => again.readyState !== 1, "the end of a socket that talks nonsense");
});
