// One opening: a fresh browser context with empty caches, the host page, a click on the launcher, the marks that
// follow, and what went over the wire.

import { probe } from "./probe.mjs";

/** Chromium's own "Fast 4G": 9 Mbit/s down and 1.5 up, less a tenth, and 165 ms before each answer begins. */
const NETWORK = { offline: false, latency: 165, downloadThroughput: 9e6 / 8 * 0.9, uploadThroughput: 1.5e6 / 8 * 0.9 };
const CPU_SLOWDOWN = 4;

/** A page is at rest when this long no request was under way. */
const REST_MS = 600;
const PATIENCE_MS = 30_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Opens a chat on the page at `address`, and hands back its marks in milliseconds since the click, its requests, and what
 * the page cost before. Without a `launcher`, an expression, it hands back that cost alone. A `hand` holds the pointer
 * over the launcher and then the button down, as a person does; else all happens at once.
 */
export async function open(devtools, { chat, address, launcher, words, hand = { over_ms: 0, pressed_ms: 0 } }) {
  const { browserContextId } = await devtools.ask("Target.createBrowserContext");
  const visit = new Visit(devtools, probe(chat, words), words);
  try {
    return await visit.run({ address, launcher, hand, browserContextId });
  } finally {
    visit.forget();
    await devtools.ask("Target.disposeBrowserContext", { browserContextId });
  }
}

class Visit {
  marks = {};
  requests = new Map();
  complaints = [];
  failure;

  constructor(devtools, script, words) {
    Object.assign(this, { devtools, script, words });
    this.forget = devtools.listen((method, params, session) => this.hear(method, params, session));
  }

  async run({ address, launcher, hand, browserContextId }) {
    this.address = address;
    const { targetId } = await this.devtools.ask("Target.createTarget", { url: "about:blank", browserContextId });
    const { sessionId } = await this.devtools.ask("Target.attachToTarget", { targetId, flatten: true });
    this.page = sessionId;
    await this.prepare(sessionId);
    const ask = (what, params) => this.devtools.ask(what, params, sessionId);
    await ask("Performance.enable");
    await ask("Page.navigate", { url: address });
    const place = await this.found(launcher ?? "document.body");
    await this.rest();
    const before = { bytes: this.bytes(Infinity), busy_ms: await this.busy_ms() };
    if (!launcher) return { before, requests: [...this.requests.values()] };
    await this.click(place, hand);
    await this.until(() => this.marks.appears && this.marks.leaves);
    await this.rest();
    const since = (name) => Math.max(0, this.marks[name] - this.marks.click);
    return {
      takes: since("takes"),
      appears: since("appears"),
      leaves: since("leaves"),
      before,
      bytes: this.bytes(this.marks.leaves) - before.bytes,
      requests: [...this.requests.values()],
    };
  }

  /** Slows a page or a frame down and lets it begin. */
  prepare(session) {
    const ask = (what, params) => this.devtools.ask(what, params, session);
    return Promise.all([
      ask("Network.enable"),
      ask("Network.emulateNetworkConditions", NETWORK),
      ask("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN }),
      ask("Runtime.enable"),
      ask("Runtime.addBinding", { name: "mark" }),
      ask("Page.enable"),
      ask("Page.addScriptToEvaluateOnNewDocument", { source: this.script }),
      ask("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
      ask("Runtime.runIfWaitingForDebugger"),
    ]);
  }

  hear(method, params, session) {
    if (method == "Target.attachedToTarget") {
      if (params.targetInfo.type == "iframe") this.prepare(params.sessionId).catch((error) => (this.failure = error));
      return;
    }
    if (method == "Runtime.bindingCalled" && params.name == "mark") {
      const [name, time] = JSON.parse(params.payload);
      this.marks[name] ??= time;
      return;
    }
    if (method == "Runtime.consoleAPICalled" && params.type == "error") this.complaints.push(params.args[0]?.value);
    const request = this.requests.get(params?.requestId);
    if (method == "Network.requestWillBeSent") {
      const { url, method: verb, postData } = params.request;
      const start = params.wallTime * 1000;
      if (postData?.includes(this.words)) this.marks.leaves ??= start;
      // The frame's own document is told of twice, by the page and by the frame.
      if (!request && !url.startsWith("data:")) {
        this.requests.set(params.requestId, { url, verb, start, sent: params.timestamp, page: session == this.page });
      }
    } else if (method == "Network.responseReceived" && request) {
      request.waited = (params.timestamp - request.sent) * 1000;
      request.status = params.response.status;
    } else if (method == "Network.loadingFinished" && request) {
      request.took = (params.timestamp - request.sent) * 1000;
      request.bytes = params.encodedDataLength;
    } else if (method == "Network.loadingFailed" && request) {
      request.took = (params.timestamp - request.sent) * 1000;
      request.bytes = 0;
    }
  }

  /** Where the launcher's middle is, as soon as there is one. */
  found(launcher) {
    const expression = `(() => { const box = (${launcher})?.getBoundingClientRect(); return box?.width ? [box.x + box.width / 2, box.y + box.height / 2] : null; })()`;
    return this.until(async () => {
      const { result } = await this.devtools.ask("Runtime.evaluate", { expression, returnByValue: true }, this.page);
      return result.value;
    });
  }

  async click([x, y], { over_ms, pressed_ms }) {
    const mouse = (type, more) => this.devtools.ask("Input.dispatchMouseEvent", { type, x, y, ...more }, this.page);
    const button = { button: "left", clickCount: 1 };
    const acts = [];
    if (over_ms) acts.push(mouse("mouseMoved"), await sleep(over_ms));
    acts.push(mouse("mousePressed", button));
    if (pressed_ms) await sleep(pressed_ms);
    acts.push(mouse("mouseReleased", button));
    await Promise.all(acts);
  }

  /** What the page's main thread has been busy with, slowed down as it is. */
  async busy_ms() {
    const { metrics } = await this.devtools.ask("Performance.getMetrics", {}, this.page);
    return metrics.find(({ name }) => name == "TaskDuration").value * 1000;
  }

  /** Bytes over the wire, headers included, of what was asked for before a time; the page itself is not counted. */
  bytes(end) {
    const counted = [...this.requests.values()].filter(({ url, start }) => url != this.address && start < end);
    return counted.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  }

  async rest() {
    let since = performance.now();
    await this.until(() => {
      if ([...this.requests.values()].some(({ took }) => took === undefined)) since = performance.now();
      return performance.now() - since > REST_MS;
    });
  }

  async until(check) {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (this.failure) throw this.failure;
      const found = await check();
      if (found) return found;
      await sleep(20);
    }
    const seen = Object.keys(this.marks).join(", ") || "nothing";
    throw new Error([`${this.address} stands still; seen ${seen}`, ...this.complaints].join("; "));
  }
}
