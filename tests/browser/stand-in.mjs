// The frame's stand-in: it speaks the loader's protocol and does what a test says, on a deployment that is a plain HTTP
// server. It exists so that the loader alone can be tried on pages of every temper; the real frame has its own suites.
// Host page and frame are on two sites (127.0.0.1 and localhost), or nothing would prove isolation.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";
import { chromium } from "playwright-core";

/** A site whose frame answers. */
export const SITE = "sit_01jd3k8v6q4w9x2t7y5z0abcde";
/** A site whose frame says nothing. */
export const SILENT = "sit_01jd3k8v6q4w9x2t7y5z0s11nt";

/** The loader as it is published. */
export const loader = buildSync({
  entryPoints: [fileURLToPath(new URL("../../widget/loader/embed.js", import.meta.url))],
  minify: true,
  target: "es2019",
  format: "iife",
  write: false,
}).outputFiles[0].contents;

// Writes down what the loader says, and says what a test asks it to.
const FRAME = `<!doctype html><title>frame</title><input aria-label="Message"><script src="/frame.js"></script>`;
const FRAME_SCRIPT = `
  window.heard = [];
  addEventListener("message", (event) => {
    if (!event.data || event.data.loquet !== 1) return;
    heard.push({ ...event.data, origin: event.origin });
    const port = event.ports[0];
    port.onmessage = ({ data }) => {
      heard.push(data);
      if (data.type === "focus") document.querySelector("input").focus();
    };
    window.say = (message) => port.postMessage(message);
    if (!location.pathname.endsWith(${JSON.stringify(SILENT)})) say({ type: "ready" });
  });`;

let browser, edge, host;
const pages = new Map();
/** What was asked of the deployment since the last visit. */
export const requests = [];

const listen = (handler) =>
  new Promise((resolve) => {
    const server = createServer(handler);
    server.listen(0, () => resolve(server));
  });

/** Starts both servers and the browser. */
export async function begin() {
  edge = await listen((request, response) => {
    requests.push(request.url);
    const path = request.url.split("?")[0];
    const script = { "content-type": "text/javascript; charset=utf-8", "access-control-allow-origin": "*" };
    if (/^\/embed(\.[0-9a-f]{16})?\.js$/.test(path)) response.writeHead(200, script).end(loader);
    else if (path === "/frame.js") response.writeHead(200, script).end(FRAME_SCRIPT);
    else if (path.startsWith("/widget/sit_")) response.writeHead(200, { "content-type": "text/html" }).end(FRAME);
    else response.writeHead(404).end();
  });
  host = await listen((request, response) => {
    const page = pages.get(request.url.split("?")[0]);
    response.writeHead(page ? 200 : 404, { "content-type": "text/html; charset=utf-8", ...page?.headers });
    response.end(page?.html);
  });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Playwright's own list switches storage partitioning off; this one replaces it.
    args: ["--disable-features=Translate", "--no-sandbox"],
  });
}

/** Stops them. */
export async function end() {
  await browser?.close();
  edge?.close();
  host?.close();
}

/** Where the deployment is. */
export const edgeOrigin = () => `http://localhost:${edge.address().port}`;
/** The script tag. */
export const snippet = (attributes = `data-site="${SITE}" async`, query = "") =>
  `<script src="${edgeOrigin()}/embed.js${query}" ${attributes}></script>`;
/** A host page around it. */
export const document_ = (head, body = "<main><h1>Maison</h1><p>Text</p></main>", open = '<html lang="en">') =>
  `<!doctype html>${open}<head><meta name="viewport" content="width=device-width"><title>host</title>${head}</head><body>${body}</body></html>`;

/** Opens a host page and collects what its console says. */
export async function visit(html, { headers = {}, context: options = {} } = {}) {
  const path = `/${pages.size}`;
  pages.set(path, { html, headers });
  requests.length = 0;
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && !/favicon/.test(message.location().url) && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`http://127.0.0.1:${host.address().port}${path}`);
  return {
    page,
    context,
    errors,
    launcher: page.locator("loquet-chat button"),
    panel: page.locator("loquet-chat iframe"),
    frame: async () => {
      for (let tries = 0; tries < 100; tries += 1) {
        const found = page.frames().find((frame) => frame.url().includes("/widget/"));
        if (found && (await found.evaluate(() => Boolean(window.say)).catch(() => false))) return found;
        await page.waitForTimeout(30);
      }
      throw new Error("the frame never greeted");
    },
  };
}

/** The types of what the frame has heard so far. */
export const heard = (frame) => frame.evaluate(() => window.heard.map(({ type }) => type));

/** Waits until something reads as expected. */
export async function eventually(read, expected) {
  let value;
  for (let tries = 0; tries < 100; tries += 1) {
    value = await read();
    try {
      return assert.deepEqual(value, expected);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  assert.deepEqual(value, expected);
}
