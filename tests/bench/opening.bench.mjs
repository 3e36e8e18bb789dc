// From a click on the launcher to a chat that can be used, beside chats that others publish: ratios, in one run, on one
// host page, in Debian's Chromium at a quarter of its speed and with its "Fast 4G".
//
// What is timed, for each chat alike, from the click on its launcher:
//   takes text   the composer is on the screen and a word typed into it stands in it;
//   Send shows   a click on Send brings the message into the thread;
//   Send leaves  the request that carries the message begins.
// The first table compares openings where nothing of a chat but a button was on the page, as ours always opens. There,
// ours loads a frame with a document, and each peer its one script. The second compares the same with the peers embedded
// by the lines of their documentation, which load everything with the page: there a click finds a peer ready, and the
// page has paid. `opening/chats.mjs` says how each is embedded, `opening/probe.mjs` how text and Send are tried.
//
// Each opening has a browser context of its own, with empty caches; chats take turns in every round. Ours comes from the
// Worker on workerd, the peers' files from a server beside it, both compressed by brotli of the same quality, both over
// HTTP/1.1 on this machine. A connection costs nothing here, as if each were already connected to. Bytes are those on
// the wire, headers included. Each answer's wait is checked, in the frame too: one that was not slowed down ends the run.
// The row "with a hand" moves the pointer over the launcher and presses as a person does: ours begins to load when the
// pointer comes, and is counted from the click like all others.

import { loadavg } from "node:os";
import { start } from "../workerd/harness.mjs";
import { chats, FILES } from "./opening/chats.mjs";
import { launch } from "./opening/devtools.mjs";
import { serve } from "./opening/host.mjs";
import { open } from "./opening/open.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 9);
const TAKES_RATIO = 0.6;
const SEND_RATIO = 1;
const TITLES = { takes: "takes text", appears: "Send shows", leaves: "Send leaves" };
const MARKS = Object.keys(TITLES);
const HAND = { over_ms: 150, pressed_ms: 80 };
/** What an answer must wait at least, or the network was not slowed down. */
const WAIT_MS = 160;

const deployment = await start();
const edge = `http://localhost:${deployment.url.port}`;
const all = chats(edge);
const ours = all.find(({ framed }) => framed);
const pages = new Map([["/with-page/nothing", ""]]);
for (const chat of all) {
  pages.set(`/on-click/${chat.name}`, chat.onClick);
  pages.set(`/with-page/${chat.name}`, chat.withPage);
}
const host = await serve(pages, FILES);
const devtools = await launch();

const cases = [
  ...all.map((chat) => ({ table: "on-click", chat, launcher: chat.framed ? chat.launcher : "launcher" })),
  { table: "on-click", name: "loquet, with a hand", chat: ours, launcher: ours.launcher, hand: HAND },
  ...all.map((chat) => ({ table: "with-page", chat, launcher: chat.launcher })),
  { table: "with-page", name: "no chat", chat: { ...ours, name: "nothing" } },
].map((one) => ({ ...one, results: [] }));

/** Openings that came to no end, each with what was seen and what the page complained of. */
const failed = [];
const load = loadavg().map((value) => value.toFixed(2)).join(" ");
let said = 0;
try {
  // The first round warms the programs up, and counts for nothing.
  for (let round = -1; round < ROUNDS; round++) {
    for (const one of cases) {
      const address = `${host.origin}/${one.table}/${one.chat.name}`;
      const words = `bench words ${++said}`;
      const result = await open(devtools, { ...one, address, words }).catch((error) => failed.push(error.message));
      if (!result.requests) continue;
      verify(one, result);
      if (round >= 0) one.results.push(result);
    }
  }
  const poor = cases.find(({ results }) => results.length <= ROUNDS / 2);
  if (poor) throw new Error(`too few openings of ${poor.chat.name} came to an end\n${failed.join("\n")}`);
  report();
} finally {
  await devtools.close();
  host.close();
  await deployment.close();
}

/** A comparison of what was slowed down with what was not would be worth nothing. */
function verify({ chat }, { requests }) {
  for (const { url, waited } of requests) {
    if (waited < WAIT_MS) throw new Error(`${chat.name}: ${url} was answered after ${waited.toFixed()} ms, not slowed down`);
  }
}

function sorted(results, pick) {
  return results.map(pick).sort((a, b) => a - b);
}

function median(results, pick) {
  return sorted(results, pick)[results.length >> 1];
}

/** The median, and the middle half of all rounds. */
function spread(results, pick) {
  const values = sorted(results, pick);
  const at = (part) => values[Math.round((values.length - 1) * part)].toFixed();
  return `${at(0.5)} (${at(0.25)}–${at(0.75)})`;
}

function report() {
  console.log(`${ROUNDS} rounds; load before ${load}; medians in ms (middle half); ratios to the fastest peer`);
  for (const [table, title] of [["on-click", "loaded by the click"], ["with-page", "loaded with the page"]]) {
    const rows = cases.filter((one) => one.table == table);
    const peers = rows.filter(({ chat, launcher }) => launcher && !chat.framed);
    const fastest = Object.fromEntries(MARKS.map((mark) => [mark, Math.min(...peers.map(({ results }) => median(results, (one) => one[mark])))]));
    console.log(`\n${title}`);
    console.table(Object.fromEntries(rows.map((row) => [row.name ?? row.chat.name, line(row, fastest)])));
  }
  if (failed.length) console.log(`not counted:\n${failed.join("\n")}`);
  console.log(`targets, loaded by the click: takes text at most ${TAKES_RATIO}, Send at most ${SEND_RATIO}`);
}

function line({ results, launcher }, fastest) {
  const kib = (pick) => (median(results, pick) / 1024).toFixed(1);
  const cells = { "KiB before": kib((one) => one.before.bytes), "page busy": median(results, (one) => one.before.busy_ms).toFixed() };
  if (!launcher) return cells;
  cells["KiB after"] = kib((one) => one.bytes);
  for (const mark of MARKS) {
    const pick = (one) => one[mark];
    cells[TITLES[mark]] = `${spread(results, pick)} ${(median(results, pick) / fastest[mark]).toFixed(2)}`;
  }
  return cells;
}
