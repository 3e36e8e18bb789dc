// The host: serves the page that all chats are opened on, the peers' files as npm brought them, and an answer to
// whatever a peer asks its backend. It exists so that a run needs nothing but this machine.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { brotliCompressSync, constants } from "node:zlib";

/** What workerd compresses ours with, and Cloudflare's edge by default. */
const BROTLI_QUALITY = 4;

const modules = new URL("../node_modules/", import.meta.url);

/** What the peers' backends say. Each answers at once, so that a peer waits for the network alone. */
const ANSWERS = [
  ["/backend/deep-chat", "application/json", '{"text":"Hello"}'],
  ["/backend/ai-search/chat/completions", "text/event-stream", 'data: {"choices":[{"delta":{"content":"Hello"}}]}\n\ndata: [DONE]\n\n'],
  ["/backend/flowise/api/v1/chatflows-streaming/", "application/json", '{"isStreaming":false}'],
  ["/backend/flowise/api/v1/public-chatbotConfig/", "application/json", "{}"],
  ["/backend/flowise/api/v1/prediction/", "application/json", '{"text":"Hello"}'],
];

/** Starts the host. `pages` maps an address to the elements that one way of embedding puts into the page. */
export async function serve(pages, files) {
  const packed = new Map();
  for (const file of files) {
    packed.set(`/peers/${file}`, pack(await readFile(new URL(file, modules)), "text/javascript"));
  }
  for (const [address, elements] of pages) packed.set(address, pack(Buffer.from(page(elements)), "text/html; charset=utf-8"));
  const server = createServer((request, response) => {
    const found = packed.get(request.url) ?? answer(request.url);
    request.resume();
    response.writeHead(found ? 200 : request.url === "/favicon.ico" ? 204 : 404, found?.headers);
    response.end(found?.body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function pack(content, type) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const body = brotliCompressSync(content, { params });
  return { body, headers: { "content-type": type, "content-encoding": "br", "content-length": body.length, "cache-control": "max-age=3600" } };
}

function answer(address) {
  const found = ANSWERS.find(([start]) => address.startsWith(start));
  return found && { headers: { "content-type": found[1] }, body: found[2] };
}

/** One page for all: what a chat puts into it comes last in the body. */
function page(elements) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>A host page</title><link rel="icon" href="data:,">
<style>body{font:16px/1.5 sans-serif;max-width:40rem;margin:2rem auto}#launcher{position:fixed;bottom:24px;right:24px;width:56px;height:56px}</style>
<body><h1>A small hotel</h1><p>Eleven rooms above the old harbour.</p>${elements}</body></html>`;
}
