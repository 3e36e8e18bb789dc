// The third ring's harness: Chromium, a host page on one site (127.0.0.1) and the deployment on another (localhost).

import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { demo, start } from "../workerd/harness.mjs";

export { demo };

/** Where a deployment believes to be, whatever port it got. */
const HOME = "localhost:8787";

/**
 * Starts a deployment, a host to embed it and a browser. With `home` the browser finds the deployment at the address that
 * it was configured with: links in mails and passkeys are bound to that.
 */
export async function open({ home = false, ...options } = {}) {
  const deployment = await start(options);
  const pages = new Map();
  const host = createServer((request, response) => {
    const page = pages.get(request.url.split("?")[0]);
    // Browsers ask for an icon by themselves; a 404 for it would stand among the page's errors.
    response.writeHead(page ? 200 : request.url === "/favicon.ico" ? 204 : 404, { "content-type": "text/html; charset=utf-8", ...page?.headers });
    response.end(page?.html);
  });
  await new Promise((resolve) => host.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Playwright's own list switches storage partitioning off; this one replaces it.
    args: [
      "--disable-features=Translate", "--no-sandbox",
      ...(home ? [`--host-resolver-rules=MAP ${HOME} 127.0.0.1:${deployment.url.port}`] : []),
    ],
  });
  return new World(deployment, pages, host, browser, home ? HOME : `localhost:${deployment.url.port}`);
}

/** Everything that a story needs. */
export class World {
  constructor(deployment, pages, host, browser, address) {
    Object.assign(this, { deployment, pages, host, browser });
    this.edge = `http://${address}`;
    this.hostOrigin = `http://127.0.0.1:${host.address().port}`;
  }

  /** Puts a host page with the snippet on the host, and hands back its address. */
  page({ site = demo.site.id, loader = "/embed.js", attributes = "", head = "", body = "<h1>A page</h1>", headers = {}, script = "" } = {}) {
    const path = `/${this.pages.size}`;
    const html = `<!doctype html><html lang="en"><head><title>Host</title>
      <meta name="viewport" content="width=device-width">${head}</head><body>${body}
      <script src="${this.edge}${loader}" data-site="${site}" ${attributes} ${script} async></script></body></html>`;
    this.pages.set(path, { html, headers });
    return `${this.hostOrigin}${path}`;
  }

  /** Opens a host page with the snippet, in a browser context of its own. */
  async visit({ context = {}, ...about } = {}) {
    const fresh = await this.browser.newContext({ viewport: { width: 1200, height: 800 }, ...context });
    const page = await fresh.newPage();
    page.requests = [];
    page.problems = [];
    page.on("request", (request) => page.requests.push(request.url()));
    page.on("console", (message) => message.type() === "error" && page.problems.push(message.text()));
    page.on("pageerror", (error) => page.problems.push(String(error)));
    await page.goto(this.page(about));
    return page;
  }

  /** Opens the chat by its launcher and hands back the frame, ready to be written into. */
  async chat(page) {
    await page.getByRole("button", { name: "Open chat" }).click();
    const frame = page.frameLocator("iframe");
    await frame.getByRole("textbox").waitFor();
    return frame;
  }

  async close() {
    await this.browser.close();
    this.host.close();
    await this.deployment.close();
  }
}

/** Writes a message and waits until it is answered. */
export async function ask(frame, text) {
  const answers = frame.locator('#log [data-origin="ai"], #log [data-origin="system"]');
  const before = await answers.count();
  await frame.getByRole("textbox", { name: "Message" }).fill(text);
  await frame.getByRole("button", { name: "Send" }).click();
  await answers.nth(before).waitFor();
  return answers.nth(before);
}

/** The frame's own document. */
export const frameOf = (page) => page.frames().find((frame) => frame.url().includes("/widget/"));

/** Who said what in the thread, in order. */
export const transcript = (frame) =>
  frame.locator("#log [data-origin]").evaluateAll((nodes) =>
    nodes.map((node) => `${node.dataset.origin}: ${node.querySelector(".bubble")?.textContent ?? node.textContent}`),
  );

/** The one entry of the device, as far as the tests look into it: the conversation and its token. */
export const entry = (page) => frameOf(page).evaluate(() => JSON.parse(sessionStorage.getItem("loquet")));
