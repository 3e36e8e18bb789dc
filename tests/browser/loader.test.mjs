// The loader alone, on pages of every temper: what a host may rely on before, during and after a visitor's first
// intent. The frame is a stand-in that speaks the protocol; the real one has its own suite. Host page and frame are
// on two sites (127.0.0.1 and localhost), or nothing here would prove isolation.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

import { buildSync } from "esbuild";
import { chromium, devices } from "playwright-core";

const LOADER_BYTES = 2048;
const SITE = "sit_01jd3k8v6q4w9x2t7y5z0abcde";
const SILENT = "sit_01jd3k8v6q4w9x2t7y5z0s11nt";

const loader = buildSync({
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
let requests = [];
const pages = new Map();

const listen = (handler) =>
  new Promise((resolve) => {
    const server = createServer(handler);
    server.listen(0, () => resolve(server));
  });

before(async () => {
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
});

after(async () => {
  await browser?.close();
  edge?.close();
  host?.close();
});

const edgeOrigin = () => `http://localhost:${edge.address().port}`;
const snippet = (attributes = `data-site="${SITE}" async`, query = "") =>
  `<script src="${edgeOrigin()}/embed.js${query}" ${attributes}></script>`;
const document_ = (head, body = "<main><h1>Maison</h1><p>Text</p></main>", open = '<html lang="en">') =>
  `<!doctype html>${open}<head><meta name="viewport" content="width=device-width"><title>host</title>${head}</head><body>${body}</body></html>`;

/** Opens a host page and collects what its console says. */
async function visit(html, { headers = {}, context: options = {} } = {}) {
  const path = `/${pages.size}`;
  pages.set(path, { html, headers });
  requests = [];
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

const heard = (frame) => frame.evaluate(() => window.heard.map(({ type }) => type));
async function eventually(read, expected) {
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

test("the loader weighs at most 2,048 bytes", () => {
  const packed = brotliCompressSync(loader, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  assert.ok(packed.length <= LOADER_BYTES, `${packed.length} bytes`);
});

const WAYS = {
  "in the head": () => document_(snippet(`data-site="${SITE}"`)),
  "in the head, deferred": () => document_(snippet(`data-site="${SITE}" defer`)),
  "asynchronous": () => document_(snippet()),
  "at the end of the body": () => document_("", `<p>Text</p>${snippet(`data-site="${SITE}"`)}`),
  "as a module": () => document_(snippet(`data-site="${SITE}" type="module"`)),
  "as a module with the site in its address": () => document_(snippet('type="module"', `?site=${SITE}`)),
  "with the site in its address": () => document_(snippet("async", `?site=${SITE}`)),
  "by its hashed name": () => document_(snippet().replace("embed.js", "embed.0123456789abcdef.js")),
  "from a tag manager": () =>
    document_("", `<p>Text</p><script>
      const tag = document.createElement("script");
      tag.src = "${edgeOrigin()}/embed.js?site=${SITE}";
      document.head.append(tag);
    </script>`),
  "twice": () => document_(snippet() + snippet() + snippet(`data-site="${SITE}"`)),
};

for (const [way, html] of Object.entries(WAYS)) {
  test(`embedded ${way}, it asks for nothing before intent, and then for its own frame`, async () => {
    const { page, context, errors, launcher, panel, frame } = await visit(html());
    await launcher.waitFor();
    assert.equal(await page.locator("loquet-chat").count(), 1);
    assert.equal(await page.evaluate(() => document.body.lastElementChild.localName), "loquet-chat");
    assert.deepEqual([...new Set(requests.map((url) => url.split("?")[0].replace(/\.[0-9a-f]{16}/, "")))], ["/embed.js"]);
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);

    await launcher.click();
    await panel.waitFor();
    const inside = await frame();
    const [hello] = await inside.evaluate(() => window.heard);
    assert.deepEqual(hello, {
      loquet: 1, type: "hello", locale: "en", theme: "auto", origin: new URL(page.url()).origin,
    });
    assert.ok(requests.includes(`/widget/${SITE}?locale=en&theme=auto`));
    assert.equal(await panel.getAttribute("referrerpolicy"), "origin");
    assert.equal(await panel.getAttribute("title"), "Chat");
    assert.deepEqual(await context.cookies(), []);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("nothing on the page moves", async () => {
  const { page, context, launcher, frame } = await visit(document_(snippet()));
  await page.evaluate(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifts += entry.value)))
      .observe({ type: "layout-shift", buffered: true });
  });
  await launcher.click();
  await frame();
  await launcher.click();
  await page.waitForTimeout(200);
  assert.equal(await page.evaluate(() => window.shifts), 0);
  await context.close();
});

test("a pointer or the focus is intent enough to load, not to open", async () => {
  for (const intent of ["hover", "focus"]) {
    const { context, launcher, panel, frame } = await visit(document_(snippet()));
    await launcher[intent]();
    await frame();
    assert.equal(await panel.isVisible(), false);
    await context.close();
  }
});

test("a page with a strict policy needs the edge in script-src and frame-src, and nothing weaker", async () => {
  const { page, context, errors, launcher, panel, frame } = await visit(
    document_(`<script nonce="n1" src="${edgeOrigin()}/embed.js" data-site="${SITE}" data-color="#aa3300" async></script>`),
    {
      headers: {
        "content-security-policy":
          `default-src 'self'; script-src 'nonce-n1' ${edgeOrigin()}; frame-src ${edgeOrigin()}; ` +
          "style-src 'self'; require-trusted-types-for 'script'",
      },
    },
  );
  await launcher.click();
  await panel.waitFor();
  await frame();
  const box = await launcher.boundingBox();
  assert.deepEqual([box.width, box.height], [56, 56]);
  assert.equal(await launcher.evaluate((button) => getComputedStyle(button).backgroundColor), "rgb(170, 51, 0)");
  await page.evaluate(() => window.Loquet.destroy());
  assert.deepEqual(errors, []);
  await context.close();
});

test("a page whose own styles are hostile changes neither launcher nor panel", async () => {
  const boxes = [];
  for (const css of [
    "",
    `html{font-size:62.5%} *{all:unset} div:empty,:empty{display:none} iframe{display:none} button{display:none}
     body *{position:static;transform:scale(.5);opacity:.2;visibility:hidden;width:10px!important;z-index:-1}
     body>*{margin:40px;display:none;filter:blur(9px);pointer-events:none;inset:0}`,
  ]) {
    const { context, launcher, panel, frame } = await visit(document_(`<style>${css}</style>${snippet()}`));
    await launcher.click();
    await frame();
    boxes.push([await launcher.boundingBox(), await panel.boundingBox()]);
    assert.ok(await panel.isVisible());
    await context.close();
  }
  assert.deepEqual(boxes[1], boxes[0]);
  assert.deepEqual([boxes[0][1].width, boxes[0][1].height], [392, 608]);
});

const BLOCKED = {
  "the page's policy blocks it": () => [document_(snippet()), { headers: { "content-security-policy": "frame-src 'none'" } }],
  "nobody in it answers": () => [document_(snippet(`data-site="${SILENT}" async`)), {}],
  "the site is unknown": () => [document_(snippet('data-site="nonsense" async')), {}],
};
for (const [why, html] of Object.entries(BLOCKED)) {
  test(`a frame that stays silent because ${why} leaves nothing but one explanation`, async () => {
    const { page, context, errors, launcher } = await visit(...html());
    await page.evaluate(() => {
      window.told = [];
      window.Loquet.on("error", (detail) => window.told.push(detail ?? null));
    });
    await launcher.click();
    await launcher.waitFor({ state: "detached" });
    assert.equal(await page.locator("loquet-chat").count(), 0);
    await eventually(() => page.evaluate(() => window.told.length), 1);
    const ours = errors.filter((text) => text.startsWith("Loquet"));
    assert.equal(ours.length, 1);
    assert.match(ours[0], /site id .*origins.*frame-src/);
    // The host's later calls meet an object that does nothing.
    await page.evaluate(() => { window.Loquet.open(); window.Loquet.push(["close"]); window.Loquet.destroy(); });
    assert.equal(await page.evaluate(() => "Loquet" in window), false);
    await context.close();
  });
}

test("focus goes in by the visitor's act, comes back on close, and is never taken on load", async () => {
  const { page, context, launcher, frame, panel } = await visit(
    document_(snippet(`data-site="${SITE}" data-open async`), "<input autofocus>"),
  );
  await panel.waitFor();
  const inside = await frame();
  await eventually(() => heard(inside), ["hello", "shown"]);
  assert.equal(await page.evaluate(() => document.activeElement.localName), "input");

  await launcher.focus();
  await page.keyboard.press("Enter");
  await eventually(() => heard(inside), ["hello", "shown", "hidden"]);
  assert.equal(await launcher.evaluate((button) => button.getRootNode().activeElement === button), true);
  await page.keyboard.press("Enter");
  await eventually(() => heard(inside), ["hello", "shown", "hidden", "shown", "focus"]);
  await page.keyboard.type("hello");
  assert.equal(await inside.locator("input").inputValue(), "hello");
  await inside.evaluate(() => window.say({ type: "close" }));
  await panel.waitFor({ state: "hidden" });
  assert.equal(await launcher.evaluate((button) => button.getRootNode().activeElement === button), true);
  assert.equal(await launcher.getAttribute("aria-expanded"), "false");
  await context.close();
});

test("opened before the frame is there, it is shown and focused once it is", async () => {
  const { context, launcher, frame } = await visit(document_(snippet()));
  await launcher.click();
  const inside = await frame();
  await eventually(() => heard(inside), ["hello", "shown", "focus"]);
  await context.close();
});

test("calls that came before the loader run in their order, and pushing goes on working", async () => {
  const { page, context, panel, frame } = await visit(
    document_(`<script>(window.Loquet ||= []).push(["setLocale", "fr"], ["sendMessage", "Bonjour"]); Loquet.push(["open"]);</script>${snippet()}`),
  );
  await panel.waitFor();
  const inside = await frame();
  assert.equal((await inside.evaluate(() => window.heard))[0].locale, "fr");
  await eventually(() => inside.evaluate(() => window.heard.filter(({ type }) => type === "compose")), [
    { type: "compose", value: "Bonjour" },
  ]);
  await page.evaluate(() => window.Loquet.push(["setTheme", "dark"], ["close"], ["identify", "x"], ["setContext", {}]));
  await panel.waitFor({ state: "hidden" });
  await eventually(() => heard(inside).then((types) => types.slice(-2)), ["theme", "hidden"]);
  await context.close();
});

test("events reach their listeners with counts and ids, and stop when they are taken off", async () => {
  const { page, context, launcher, frame } = await visit(document_(snippet()));
  await launcher.waitFor();
  await page.evaluate(() => {
    window.told = [];
    for (const name of ["ready", "open", "close", "message-sent", "unread"]) {
      window.Loquet.on(name, (detail) => window.told.push([name, detail?.count ?? detail?.id ?? null]));
    }
    window.Loquet.on("open", () => { throw new Error("the page's own mistake"); });
    window.never = () => window.told.push("never");
    window.Loquet.on("open", window.never);
    window.Loquet.off("open", window.never);
  });
  await launcher.click();
  const inside = await frame();
  await eventually(() => page.evaluate(() => window.told), [["open", null], ["ready", null]]);
  await inside.evaluate(() => {
    window.say({ type: "event", name: "message-sent", detail: { id: "msg_1" } });
    window.say({ type: "close" });
    window.say({ type: "unread", count: 2 });
  });
  await eventually(() => page.evaluate(() => window.told.slice(2)), [["message-sent", "msg_1"], ["close", null], ["unread", 2]]);
  assert.equal(await launcher.innerText(), "2");
  assert.equal(await launcher.getAttribute("aria-label"), "Open chat (2)");
  await inside.evaluate(() => window.say({ type: "unread", count: 0 }));
  await eventually(() => launcher.getAttribute("aria-label"), "Open chat");
  assert.equal(await page.locator("loquet-chat span").isVisible(), false);
  await context.close();
});

test("the launcher speaks the page's language, stands on its side and wears the site's colour", async () => {
  for (const [open, attributes, name, side] of [
    ['<html lang="fr-CA">', "", "Ouvrir le chat", "right"],
    ["<html>", 'data-locale="pl"', "Otwórz czat", "right"],
    ['<html lang="he" dir="rtl">', "", "פתיחת צ'אט", "left"],
    ['<html lang="ar" dir="rtl">', 'data-position="start"', "فتح الدردشة", "right"],
    ['<html lang="sv">', 'data-position="start"', "Open chat", "left"],
  ]) {
    const { page, context, launcher } = await visit(document_(snippet(`data-site="${SITE}" ${attributes} async`), "", open));
    await page.getByRole("button", { name, exact: true }).waitFor();
    const { x } = await launcher.boundingBox();
    assert.equal(x > 640 ? "right" : "left", side);
    await context.close();
  }
});

test("the icon can be read on any colour, and a colour that is none is not used", async () => {
  const { page, context, launcher } = await visit(document_(snippet()));
  await launcher.waitFor();
  for (const color of ["#ffffff", "#000000", "#ff69b4", "#ffd400", "#1f6f5c", "#777777", "#0000ff", "#00ff00", "red;}*{display:none", "#12345"]) {
    const [fill, ink] = await page.evaluate(
      async ([source, site, value]) => {
        window.Loquet.destroy();
        const tag = document.createElement("script");
        Object.assign(tag.dataset, { site, color: value });
        tag.src = source;
        await new Promise((done) => { tag.onload = done; document.head.append(tag); });
        const style = getComputedStyle(document.querySelector("loquet-chat").shadowRoot.querySelector("button"));
        const canvas = new OffscreenCanvas(2, 1).getContext("2d");
        [style.backgroundColor, style.color].forEach((paint, at) => {
          canvas.fillStyle = paint;
          canvas.fillRect(at, 0, 1, 1);
        });
        const { data } = canvas.getImageData(0, 0, 2, 1);
        return [[...data.slice(0, 3)], [...data.slice(4, 7)]];
      },
      [`${edgeOrigin()}/embed.js`, SITE, color],
    );
    const light = (rgb) =>
      rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const [low, high] = [light(fill), light(ink)].sort((a, b) => a - b);
    assert.ok((high + 0.05) / (low + 0.05) >= 4.4, `${color}: ${fill} under ${ink}`);
    if (!/^#.{6}$/.test(color)) assert.deepEqual(fill, [0x1f, 0x6f, 0x5c]);
  }
  await context.close();
});

test("a page that hides the launcher opens the chat by itself", async () => {
  const { page, context, launcher, panel } = await visit(document_(snippet(`data-site="${SITE}" data-launcher="hide" async`)));
  await page.locator("loquet-chat").waitFor({ state: "attached" });
  assert.equal(await launcher.isVisible(), false);
  await page.evaluate(() => window.Loquet.toggle());
  await panel.waitFor();
  await page.evaluate(() => { window.Loquet.toggle(); window.Loquet.show(); });
  await panel.waitFor({ state: "hidden" });
  assert.ok(await launcher.isVisible());
  await page.evaluate(() => window.Loquet.hide());
  assert.equal(await launcher.isVisible(), false);
  await context.close();
});

test("on a phone the panel is the screen, the page behind it keeps still, and all is as before on close", async () => {
  const { page, context, launcher, panel, frame } = await visit(
    document_(`<style>body{overflow-x:hidden}</style>${snippet()}`, '<div style="height:3000px">long</div>'),
    { context: { ...devices["Pixel 7"] } },
  );
  await page.evaluate(() => scrollTo(0, 700));
  const style = () => page.evaluate(() => [document.documentElement.getAttribute("style"), document.body.getAttribute("style"), scrollY, document.adoptedStyleSheets.length]);
  const unlocked = await style();
  await launcher.tap();
  const inside = await frame();
  const { width, height } = page.viewportSize();
  assert.deepEqual(await panel.boundingBox(), { x: 0, y: 0, width, height });
  assert.equal(await launcher.isVisible(), false);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), "hidden");
  await inside.evaluate(() => window.say({ type: "close" }));
  await panel.waitFor({ state: "hidden" });
  assert.deepEqual(await style(), unlocked);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).overflowY), "visible");
  await context.close();
});

test("in a narrow window neither a long nor a short page shifts when the panel covers it", async () => {
  for (const height of [3000, 30]) {
    const { page, context, launcher, panel } = await visit(
      document_(snippet(), `<div id="content" style="height:${height}px">text</div>`),
      { context: { viewport: { width: 400, height: 700 } } },
    );
    const width = () => page.locator("#content").evaluate((content) => content.getBoundingClientRect().width);
    const before = await width();
    await launcher.click();
    await panel.waitFor();
    assert.equal(await width(), before);
    await page.mouse.wheel(0, 500);
    await page.waitForTimeout(100);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await context.close();
  }
});

test("the keyboard of a phone makes the panel smaller instead of covering it", async () => {
  const { page, context, launcher, panel } = await visit(
    document_(`<script>
      // A stand-in: Chromium without a screen has no keyboard to raise.
      const view = new EventTarget();
      Object.assign(view, { height: 700, offsetTop: 0, scale: 1 });
      Object.defineProperty(window, "visualViewport", { value: view });
    </script>${snippet()}`),
    { context: { viewport: { width: 375, height: 700 } } },
  );
  await launcher.click();
  await panel.waitFor();
  await page.evaluate(() => {
    Object.assign(window.visualViewport, { height: 380, offsetTop: 40 });
    window.visualViewport.dispatchEvent(new Event("resize"));
  });
  assert.deepEqual(await panel.boundingBox(), { x: 0, y: 40, width: 375, height: 380 });
  await context.close();
});

test("a single-page application may swap its whole body and the chat stays", async () => {
  const { page, context, launcher, panel, frame } = await visit(document_(snippet()));
  await launcher.click();
  await frame();
  for (const swap of [
    () => { const body = document.createElement("body"); body.append("another page"); document.body.replaceWith(body); },
    () => { document.body.innerHTML = "<p>a third</p>"; },
  ]) {
    await page.evaluate(swap);
    await panel.waitFor();
    const inside = await frame();
    await eventually(() => heard(inside).then((types) => types.slice(0, 2)), ["hello", "shown"]);
  }
  await page.evaluate(() => history.pushState({}, "", "/elsewhere"));
  await launcher.click();
  await panel.waitFor({ state: "hidden" });
  assert.equal(await page.locator("loquet-chat").count(), 1);
  await context.close();
});

test("destroy leaves neither node nor listener nor timer, twenty times over", async () => {
  const { page, context, errors, launcher } = await visit(document_(snippet(), "<p>Text</p>"));
  await launcher.waitFor();
  const session = await context.newCDPSession(page);
  const mount = (open) =>
    page.evaluate(
      async ([source, site, opened]) => {
        const tag = document.createElement("script");
        tag.dataset.site = site;
        tag.src = source;
        await new Promise((done) => { tag.onload = done; document.head.append(tag); });
        tag.remove();
        const api = window.Loquet;
        await new Promise((done) => {
          if (opened) api.on("ready", done);
          api.open();
          // Every other time it is gone before its frame has loaded.
          if (!opened) done();
        });
        api.destroy();
        api.open();
        api.sendMessage("nobody reads this");
        api.destroy();
      },
      [`${edgeOrigin()}/embed.js`, SITE, open],
    );
  const count = async () => {
    await page.waitForTimeout(100);
    for (let tries = 0; tries < 3; tries += 1) await session.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners, documents } = await session.send("Memory.getDOMCounters");
    return { nodes, jsEventListeners, documents };
  };
  await page.evaluate(() => window.Loquet.destroy());
  await mount(true);
  const base = await count();
  for (let round = 0; round < 20; round += 1) await mount(round % 2 === 0);
  const end = await count();
  assert.ok(end.nodes <= base.nodes && end.jsEventListeners <= base.jsEventListeners && end.documents <= base.documents,
    `${JSON.stringify(base)} became ${JSON.stringify(end)}`);
  assert.equal(await page.locator("loquet-chat").count(), 0);
  assert.equal(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
  // A timer that was left behind would by now have complained about a frame that never answered.
  await page.waitForTimeout(2600);
  assert.deepEqual(errors, []);
  await context.close();
});
