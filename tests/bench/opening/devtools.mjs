// Speaks the DevTools protocol to a Chromium of its own. It exists because the slowed-down network and processor have
// to be set in the frame's process as well, before its document begins: a driver that sets them later, or in the page
// alone, would time a frame that is not slowed down.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--no-first-run",
  "--window-size=1200,800",
  "--remote-debugging-port=0",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-features=Translate",
  // Pages of two sites live in two processes, as on a visitor's machine.
  "--site-per-process",
  // Whatever a page asks for elsewhere fails at once, the same for all.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** Starts Chromium and connects to it. */
export async function launch() {
  const profile = await mkdtemp(join(tmpdir(), "loquet-bench-"));
  const program = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const chromium = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let told = "";
    chromium.stderr.on("data", (data) => {
      told += data;
      const found = told.match(/DevTools listening on (ws:\S+)/);
      if (found) resolve(found[1]);
    });
    chromium.once("error", reject);
    chromium.once("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${told.slice(-500)}`)));
  });
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("Chromium does not answer"));
  });
  const gone = new Promise((resolve) => chromium.once("exit", resolve));
  return new Devtools(socket, async () => {
    socket.close();
    chromium.kill();
    await gone;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
}

/** A connection: questions with answers, and events. A session is one page or one frame. */
class Devtools {
  #socket;
  #waiting = new Map();
  #listeners = new Set();
  #asked = 0;

  constructor(socket, close) {
    this.#socket = socket;
    this.close = close;
    socket.onmessage = ({ data }) => {
      const { id, result, error, method, params, sessionId } = JSON.parse(data);
      if (!id) return this.#listeners.forEach((listener) => listener(method, params, sessionId));
      const { resolve, reject, what } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) reject(new Error(`${what}: ${error.message}`));
      else resolve(result);
    };
  }

  /** Asks something, of the browser or of one session. */
  ask(what, params = {}, sessionId = undefined) {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, what });
      this.#socket.send(JSON.stringify({ id, method: what, params, sessionId }));
    });
  }

  /** Hears `(method, params, sessionId)` until the returned function is called. */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
