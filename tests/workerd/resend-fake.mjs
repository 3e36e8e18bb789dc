// Resend, as far as its API goes: what it takes, how it refuses, and what an idempotency key does. The Worker reaches it
// at its real kind of address: the harness sends outgoing calls through this process's `fetch`.

import { randomUUID } from "node:crypto";

/** Speaks Resend's wire format at one origin. */
export class ResendFake {
  /** Mails that it took, in order: `{ id, key, body }`. */
  mails = [];
  /** Every call: `{ key, authorization, body, status }`. */
  calls = [];
  /** Answers to give before it works again: `{ status, name, headers, taken }`; `taken`: only the answer is lost. */
  troubles = [];
  #taken = new Map();

  constructor(origin, apiKey) {
    this.origin = origin;
    this.apiKey = apiKey;
  }

  /** Stands between this process and the network; hands back what takes it away again. */
  install() {
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin !== this.origin) return real(input, init);
      return this.answer(new Request(input, init));
    };
    return () => {
      globalThis.fetch = real;
    };
  }

  /** Answers a call. */
  async answer(request) {
    const key = request.headers.get("idempotency-key");
    const text = await request.text();
    const { status, body, headers = {} } = this.#decide(request, key, text);
    const authorization = request.headers.get("authorization");
    this.calls.push({ key, authorization, body: text ? JSON.parse(text) : null, status });
    return Response.json(body, { status, headers });
  }

  #decide(request, key, text) {
    const refuse = (status, name, headers) => ({ status, headers, body: { statusCode: status, message: `${name}.`, name } });
    if (request.method !== "POST" || new URL(request.url).pathname !== "/emails") return refuse(404, "not_found");
    if (!request.headers.get("user-agent")) return refuse(403, "missing_user_agent");
    const authorization = request.headers.get("authorization");
    if (!authorization) return refuse(401, "missing_api_key");
    if (authorization !== `Bearer ${this.apiKey}`) return refuse(403, "invalid_api_key");
    const trouble = this.troubles.shift();
    if (trouble && !trouble.taken) return refuse(trouble.status, trouble.name, trouble.headers);
    const mail = JSON.parse(text);
    for (const field of ["from", "to", "subject"]) {
      if (!mail[field]?.length) return refuse(422, "missing_required_field");
    }
    if (!mail.html && !mail.text) return refuse(422, "missing_required_field");
    const before = key && this.#taken.get(key);
    if (before) {
      return before.text === text ? { status: 200, body: { id: before.id } } : refuse(409, "invalid_idempotent_request");
    }
    const id = randomUUID();
    if (key) this.#taken.set(key, { id, text });
    this.mails.push({ id, key, body: mail });
    if (trouble) return refuse(trouble.status, trouble.name, trouble.headers);
    return { status: 200, body: { id } };
  }
}
