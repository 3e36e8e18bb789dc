// Streams that break in ways no library fakes: bytes that stop within a character, answers that never come, and who is
// asked next. The provider is our own HTTP server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { provider } from "./fake.mjs";
import { business, start, until, Visitor, words } from "./harness.mjs";

const SITES = {
  openai: business({ site: { answerers: ["openai"] } }),
  anthropic: business({ site: { answerers: ["anthropic"] } }),
  both: business({ site: { answerers: ["openai", "anthropic"] } }),
};
const QUESTION = "What time is breakfast?";

let fake;
let deployment;
let address = 0;
before(async () => {
  fake = await provider(whole);
  deployment = await start({ businesses: Object.values(SITES), vars: fake.vars });
});
after(async () => {
  await deployment?.close();
  fake?.close();
});

async function whole(call) {
  await call.say("You are ");
  await call.say("welcome.");
  call.end();
}

const visitor = (name) => new Visitor(deployment, SITES[name].site.id, `203.0.113.${++address}`);

/** Asks while the provider replies like this, and hands back the thread once it is at rest. */
async function ask(name, reply, answers = 1) {
  Object.assign(fake, { reply, calls: [] });
  const guest = visitor(name);
  await guest.write(QUESTION);
  return { guest, messages: await guest.answered(answers) };
}

/** The next message is answered as if nothing had been. */
async function goesOn(guest, before) {
  fake.reply = whole;
  await guest.write("Thank you");
  const messages = await until(async () => {
    const { messages, turn } = await guest.read();
    return !turn && messages.length === before.length + 2 && messages;
  }, "the next answer");
  assert.deepEqual(messages.slice(0, before.length), before);
  assert.equal(words(messages.at(-1)), "You are welcome.");
}

for (const name of ["openai", "anthropic"]) {
  test(`${name}: a character whose bytes come one by one arrives whole`, async () => {
    const said = "Café 👋, à bientôt — ça ira.";
    const { guest, messages } = await ask(name, async (call) => {
      for (const byte of Buffer.from(call.format.words(said))) await call.send(Buffer.of(byte));
      call.end();
    });
    assert.equal(words(messages[1]), said);
    assert.equal(messages.length, 2);
    await goesOn(guest, messages);
  });

  const HALF = {
    "stops in the middle of a character": async (call) => {
      const bytes = Buffer.from(call.format.words("Café"));
      await call.send(bytes.subarray(0, bytes.indexOf(0xc3) + 1));
      call.stop();
    },
    "turns to nonsense JSON": async (call) => {
      await call.send("data: {\"choices\": [nonsense\n\n");
      call.end();
    },
    "says in its stream that it failed": async (call) => {
      await call.send(call.format.error);
      call.end();
    },
    "never ends a line": async (call) => {
      await call.send(`data: ${"x".repeat(300_000)}`);
      call.stop();
    },
  };
  for (const [fault, broken] of Object.entries(HALF)) {
    test(`${name}: a stream that ${fault} keeps what it said before, and says that it ended early`, async () => {
      const { guest, messages } = await ask(name, async (call) => {
        await call.say("From half past seven");
        await broken(call);
      }, 2);
      assert.equal(words(messages[1]), "From half past seven");
      assert.equal(messages[1].ai.provider, name);
      assert.equal(messages[2].body.Notice, "AnswerCut");
      assert.equal(messages.length, 3);
      await goesOn(guest, messages);
    });

    test(`${name}: a stream that ${fault} before its first word leaves the answer to the business's own pages`, async () => {
      const { guest, messages } = await ask(name, broken);
      assert.equal(messages[1].ai.provider, "builtin");
      assert.match(words(messages[1]), /breakfast/i);
      assert.equal(messages.length, 2);
      await goesOn(guest, messages);
    });
  }

  test(`P5.6: ${name}: a redirect carries no word of the visitor to anybody else`, async () => {
    const elsewhere = await provider(whole);
    const { messages } = await ask(name, (call) => call.refuse(307, "", { location: elsewhere.vars.OPENAI_BASE_URL }));
    assert.equal(messages[1].ai.provider, "builtin");
    assert.deepEqual(elsewhere.calls, []);
    elsewhere.close();
  });
}

/** The words of a running answer as a socket has been told them: the rules of `LiveEvent`, in their order. */
const told = (socket) =>
  socket.events.reduce((text, event) => {
    if (event.Catchup) return event.Catchup.turn?.text ?? "";
    return event.Delta ? [...text].slice(0, event.Delta.at).join("") + event.Delta.text : text;
  }, "");

test("whoever joins in the middle of an answer has every word that was said so far", async () => {
  let go;
  const gone = new Promise((resolve) => (go = resolve));
  Object.assign(fake, {
    calls: [],
    reply: async (call) => {
      await call.say("From half past ");
      // Without the space the last word would be held back: more of it could make it another one.
      await call.say("seven on ");
      await gone;
      call.end();
    },
  });
  // How joining and first words meet is chance; of two dozen, some meet badly where they can.
  const sockets = await Promise.all(
    Array.from({ length: 24 }, async () => {
      const guest = visitor("openai");
      await guest.write(QUESTION);
      return guest.join(1);
    }),
  );
  await until(() => sockets.every((socket) => socket.events.some((event) => event.Catchup)), "every catch-up");
  const whole = () => sockets.every((socket) => told(socket) === "From half past seven on ");
  await until(whole, "every word").catch(() => {});
  const heard = [...new Set(sockets.map(told))];
  go();
  sockets.forEach((socket) => socket.close());
  assert.deepEqual(heard, ["From half past seven on "]);
});

test("who stays silent for ten seconds is given up, before its head or after it, and the next message works", async () => {
  Object.assign(fake, { reply: () => {}, calls: [] });
  const guests = ["openai", "anthropic"].map(visitor);
  await Promise.all(guests.map((guest) => guest.write(QUESTION)));
  await until(() => fake.calls.length === 2, "both calls");
  // Of the other two, the head comes and nothing after it.
  fake.reply = (call) => call.begin();
  const late = ["openai", "anthropic"].map(visitor);
  await Promise.all(late.map((guest) => guest.write(QUESTION)));
  const threads = await Promise.all([...guests, ...late].map((guest) => guest.answered()));
  for (const messages of threads) {
    assert.equal(messages[1].ai.provider, "builtin");
    assert.equal(messages.length, 2);
  }
  for (const [index, guest] of [...guests, ...late].entries()) await goesOn(guest, threads[index]);
});

test("before the first word the other provider takes over, and the one that failed is asked last for a while", async () => {
  const { guest, messages } = await ask("both", (call) => (fake.calls.length === 1 ? call.refuse(529) : whole(call)));
  const [failed, took] = fake.calls.map((call) => call.provider);
  assert.notEqual(failed, took);
  assert.equal(fake.calls.length, 2);
  assert.equal(words(messages[1]), "You are welcome.");
  assert.equal(messages[1].ai.provider, took);
  assert.equal(messages.length, 2);
  await goesOn(guest, messages);
  assert.deepEqual(fake.calls.slice(2).map((call) => call.provider), [took]);
});

test("after the first word nobody takes over", async () => {
  const { messages } = await ask("both", async (call) => {
    await call.say("From half past seven");
    call.cut();
  }, 2);
  assert.equal(fake.calls.length, 1);
  assert.equal(words(messages[1]), "From half past seven");
  assert.equal(messages[2].body.Notice, "AnswerCut");
});

test("when every provider fails, the business's own pages answer", async () => {
  const { messages } = await ask("both", (call) => call.refuse(500));
  assert.equal(fake.calls.length, 2);
  assert.equal(messages[1].ai.provider, "builtin");
});
