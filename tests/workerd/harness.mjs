// The second ring's harness: the built Worker on workerd, with real D1, R2 and Durable Objects, and the demo's business.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { createTestHarness } from "wrangler";

const root = new URL("../../", import.meta.url);

/** The demo's business, as `cargo xtask run` seeds it. */
export const demo = JSON.parse(await readFile(new URL("demo/data.json", root), "utf8"));

/** A host page's origin that the demo's site allows. */
export const HOST = "http://127.0.0.1:9999";

/** Starts a deployment. `vars` override its configuration; `businesses` are seeded before it is handed over. */
export async function start({ vars = {}, businesses = [demo] } = {}) {
  const server = createTestHarness({
    root: fileURLToPath(root),
    workers: [
      {
        configPath: "wrangler.toml",
        vars: { ENV: "dev", JURISDICTION: "", PUBLIC_ORIGIN: "http://localhost:8787", ...vars },
        secrets: { MASTER_KEY: randomBytes(32).toString("base64"), ...keys(vars) },
      },
    ],
  });
  const { url } = await server.listen();
  const worker = server.getWorker();
  for (const binding of ["DIRECTORY", "SHARD_0", "SHARD_1"]) {
    await worker.applyD1Migrations(binding);
  }
  const deployment = new Deployment(server, worker, url);
  for (const business of businesses) {
    const seeded = await deployment.fetch("/dev/seed", { method: "POST", body: JSON.stringify(business) });
    if (seeded.status !== 204) throw new Error(`seed: ${seeded.status} ${await seeded.text()}`);
  }
  return deployment;
}

/** Secrets of a developer's own `.dev.vars` must not reach a test. */
function keys(vars) {
  const names = [
    "OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL",
    "RESEND_API_KEY", "RESEND_BASE_URL", "RESEND_WEBHOOK_SECRET", "MAIL_FROM", "OPERATOR_EMAIL",
  ];
  return Object.fromEntries(names.filter((name) => !(name in vars)).map((name) => [name, ""]));
}

/** A running deployment. */
export class Deployment {
  constructor(server, worker, url) {
    this.server = server;
    this.worker = worker;
    this.url = url;
  }

  /** Asks the Worker, as the public does. */
  fetch(path, init) {
    return this.server.fetch(path, init);
  }

  /** Sends JSON and reads JSON; a problem becomes an error that carries it. */
  async call(method, path, token, body, address = "203.0.113.9") {
    const answer = await this.fetch(path, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), "cf-connecting-ip": address },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const value = text ? JSON.parse(text) : null;
    if (!answer.ok) throw Object.assign(new Error(`${answer.status} ${text}`), { problem: value });
    return value;
  }

  /** The bindings themselves, to look behind the API. */
  env() {
    return this.worker.getEnv();
  }

  close() {
    return this.server.close();
  }
}

/** The demo's business under ids of its own, with something else about it or its site, or in another shard. */
export function business({ about = {}, site = {}, knowledge = demo.knowledge, shard = 0 } = {}) {
  const other = structuredClone({ ...demo, knowledge, shard });
  Object.assign(other.business, { id: mintId("biz") }, about);
  Object.assign(other.site, { id: mintId("sit") }, site);
  return other;
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** An id as a client mints it. */
export function mintId(prefix) {
  let body = ALPHABET[randomBytes(1)[0] & 7];
  for (const byte of randomBytes(25)) body += ALPHABET[byte & 31];
  return `${prefix}_${body}`;
}

/** A visitor's client, as far as the API goes. */
export class Visitor {
  constructor(deployment, site = demo.site.id, address = undefined) {
    this.deployment = deployment;
    this.site = site;
    this.address = address;
  }

  /** Writes something; the first time it opens the conversation. */
  async write(text, { draft = mintId("drf"), locale = "en" } = {}) {
    const body = { draft, text, locale };
    if (this.conversation) {
      const path = `/v1/widget/conversations/${this.conversation}/messages`;
      return (await this.deployment.call("POST", path, this.token, body, this.address)).message;
    }
    const minted = await this.deployment.call("POST", `/v1/widget/sites/${this.site}/visitors`, null, { origin: HOST }, this.address);
    this.visitorToken = minted.token;
    const path = `/v1/widget/sites/${this.site}/conversations`;
    const opened = await this.deployment.call("POST", path, minted.token, body, this.address);
    Object.assign(this, { conversation: opened.conversation, token: opened.token, ticket: opened.ticket });
    return opened.message;
  }

  /** What follows a cursor. */
  read(after = 0) {
    const path = `/v1/widget/conversations/${this.conversation}/messages?after=${after}`;
    return this.deployment.call("GET", path, this.token);
  }

  /** Waits until an answer to everything so far was kept, and returns all messages. */
  async answered(count = 1) {
    for (let tries = 0; tries < 300; tries++) {
      const { messages, turn } = await this.read();
      const answers = messages.filter((message) => message.origin === "ai" || message.origin === "system");
      if (!turn && answers.length >= count) return messages;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("no answer came");
  }

  /** Opens a socket. Events are collected in `socket.events`. */
  async join(after = 0) {
    const answer = await this.knock();
    if (answer.status !== 101) throw new Error(`socket: ${answer.status} ${await answer.text()}`);
    return this.resume(answer, after);
  }

  /** Asks for a socket, and hands back what was answered. */
  async knock() {
    const path = `/v1/widget/conversations/${this.conversation}`;
    const ticket = this.ticket ?? (await this.deployment.call("POST", `${path}/tickets`, this.token)).ticket;
    this.ticket = undefined;
    const headers = { upgrade: "websocket", "sec-websocket-protocol": `loquet.v1, ${ticket}` };
    return Object.assign(await this.deployment.fetch(`${path}/live`, { headers }), { usedTicket: ticket });
  }

  /** Takes the socket of a good answer, from a cursor on. */
  resume(answer, after = 0) {
    const socket = answer.webSocket;
    socket.events = [];
    socket.usedTicket = answer.usedTicket;
    socket.addEventListener("message", ({ data }) => {
      socket.events.push(data === "pong" ? "pong" : JSON.parse(data));
    });
    socket.accept();
    socket.send(JSON.stringify({ Resume: { after } }));
    return socket;
  }
}

/** Waits until `check` gives something, and returns it. */
export async function until(check, what = "something") {
  for (let tries = 0; tries < 400; tries++) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what} did not happen`);
}

/** The words of a message. */
export function words(message) {
  return message.body.Text?.text ?? JSON.stringify(message.body.Notice);
}

/** A browser at the dashboard: keeps cookies, and says that it is on our own page. */
export class Browser {
  cookies = new Map();

  constructor(deployment) {
    this.deployment = deployment;
  }

  async call(method, path, body) {
    const answer = await this.deployment.fetch(path, {
      method,
      redirect: "manual",
      headers: {
        "sec-fetch-site": "same-origin",
        "cf-connecting-ip": "203.0.113.21",
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(this.csrf ? { "x-loquet-csrf": this.csrf } : {}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = cookie.match(/^([^=]+)=([^;]*)/);
      this.cookies.set(name, value);
    }
    const text = await answer.text();
    const value = text.startsWith("{") ? JSON.parse(text) : null;
    if (value?.csrf) this.csrf = value.csrf;
    return { status: answer.status, value };
  }

  /** Reads JSON, and fails where the answer is a problem. */
  async ask(method, path, body) {
    const { status, value } = await this.call(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(value)}`);
    return value;
  }
}
