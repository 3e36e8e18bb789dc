// An AI provider as a plain HTTP server, byte by byte: it exists for what the third-party fake does not do (an answer
// that is held, half a character, no answer at all). It speaks both wire formats, by the address that is asked.

import { createServer } from "node:http";

const json = (value) => `data: ${JSON.stringify(value)}\n\n`;

const OPENAI = {
  name: "openai",
  words: (text) => json({ choices: [{ index: 0, delta: { content: text }, finish_reason: null }] }),
  error: json({ error: { type: "server_error", message: "No." } }),
  end: json({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) + "data: [DONE]\n\n",
};

const ANTHROPIC = {
  name: "anthropic",
  words: (text) => json({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
  error: json({ type: "error", error: { type: "overloaded_error", message: "No." } }),
  end: json({ type: "message_delta", delta: { stop_reason: "end_turn" } }) + json({ type: "message_stop" }),
};

/** One call, to be answered by a test. */
class Call {
  constructor(format, response, body) {
    Object.assign(this, { format, response, body, provider: format.name });
  }

  /** Begins a stream, if it has not begun. */
  begin() {
    if (!this.response.headersSent) {
      this.response.socket.setNoDelay(true);
      this.response.writeHead(200, { "content-type": "text/event-stream" });
      this.response.flushHeaders();
    }
  }

  /** Sends bytes as they are; done when they have left. */
  send(bytes) {
    this.begin();
    return new Promise((resolve) => this.response.write(bytes, resolve));
  }

  /** Sends words. */
  say(text) {
    return this.send(this.format.words(text));
  }

  /** Says that the answer is whole. */
  end() {
    this.begin();
    this.response.end(this.format.end);
  }

  /** Ends the body without saying that the answer ends. */
  stop() {
    this.begin();
    this.response.end();
  }

  /** Breaks the connection. */
  cut() {
    this.response.destroy();
  }

  /** Answers with a status and no stream. */
  refuse(status, body = "", headers = {}) {
    this.response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  }
}

/** Starts a provider. `reply` answers each call and may be replaced at any time; `calls` are all that came. */
export async function provider(reply) {
  const fake = { reply, calls: [] };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const call = new Call(request.url.endsWith("/messages") ? ANTHROPIC : OPENAI, response, body);
    fake.calls.push(call);
    await fake.reply(call);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}/v1`;
  fake.vars = { OPENAI_API_KEY: "test", OPENAI_BASE_URL: base, ANTHROPIC_API_KEY: "test", ANTHROPIC_BASE_URL: base };
  fake.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return fake;
}
