// The forms of the frame that most visitors never need: leaving an address, files, saying how the chat was, ways back into a
// conversation, and the way to the privacy centre. They exist apart from the program so that nobody waits for them who
// only asks a question: the start script loads this file when the first of them is wanted.
//
// A form is a function of what the program knows about the conversation: it draws into a place of the document and asks
// the edge; `tell` says to the program what came of it.

import ar from "./locales/ar.json";
import de from "./locales/de.json";
import en from "./locales/en.json";
import es from "./locales/es.json";
import fr from "./locales/fr.json";
import he from "./locales/he.json";
import it from "./locales/it.json";
import nl from "./locales/nl.json";
import pl from "./locales/pl.json";
import pt from "./locales/pt.json";
import look from "./later.css";

const LANGUAGES = { ar, de, en, es, fr, he, it, nl, pl, pt };
/** A call without an answer is given up after this. */
const PATIENCE_MS = 30_000;
/** A file without an answer; the edge ends an upload before. */
const UPLOAD_MS = 110_000;

/** The kinds that a file chooser offers; the edge looks at what a file holds, whatever it is called. */
const KINDS = ".jpg,.jpeg,.png,.webp,.gif,.pdf,.txt,.csv,.docx,.xlsx,.pptx,.odt,.ods,.odp,.mp3,.ogg,.wav,.m4a,.mp4";
/** Files of one message, and bytes of one file: the edge refuses more. */
const FILES = 5;
const FILE_BYTES = 20 * 1024 * 1024;

const sheet = new CSSStyleSheet();
sheet.replaceSync(look);
document.adoptedStyleSheets.push(sheet);

/** A sentence in the language of the document, with its placeholders filled. */
const text = (key, values = {}) =>
  Object.entries(values).reduce(
    (words, [name, value]) => words.replaceAll(`{${name}}`, value),
    (LANGUAGES[document.documentElement.lang] ?? en)[key],
  );

const date = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium" }).format(at);

/** An element with properties and children. */
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const button = (words, act, className = "") => make("button", { type: "button", className, textContent: words, onclick: act });

/** A refusal by the edge: what kind, and the seconds to wait where waiting helps. */
class Refusal extends Error {
  constructor({ type = "", retry_after_s } = {}) {
    super(type);
    this.kind = type.split("/").pop().split(":").pop();
    this.retry_after_s = retry_after_s;
  }
}

/** Asks the edge: what a good answer holds, or a refusal. */
async function call(path, token, body, method = "POST", headers = { "content-type": "application/json" }) {
  const file = body instanceof Blob;
  const answer = await fetch(path, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && headers) },
    body: file ? body : body && JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(file ? UPLOAD_MS : PATIENCE_MS),
  });
  const said = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Refusal(said);
  return said;
}

/** What went wrong, in words. `known` names sentences for some kinds of refusal. */
function trouble(error, known = {}) {
  if (!(error instanceof Refusal)) return text("offline");
  return text(error.retry_after_s ? "wait" : known[error.kind] ?? "failed");
}

/**
 * Draws a section into its place: a heading and what is in it. Where the visitor asked for it, the focus goes in; it goes
 * back to where it was when the section is left.
 */
function enter(place, title, asked, ...inside) {
  const before = document.activeElement;
  const heading = make("h2", { textContent: title, tabIndex: -1 });
  const section = make("section", { className: "later", ariaLabel: title }, heading, ...inside);
  document.getElementById(place).replaceChildren(section);
  if (asked) heading.focus({ preventScroll: true });
  // What comes later makes it taller: it stays in view as long as it grows.
  new ResizeObserver(() => section.scrollIntoView({ block: "nearest" })).observe(section);
  section.leave = () => {
    const within = section.contains(document.activeElement);
    section.remove();
    if (within) (before?.isConnected && before.offsetParent ? before : document.getElementById("message")).focus();
  };
  section.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    section.leave();
  });
  return section;
}

/** What is said in place of a form that is done. */
function conclude(section, words) {
  const line = make("p", { role: "status", tabIndex: -1, textContent: words });
  section.replaceChildren(line, make("div", { className: "acts" }, button(text("close"), section.leave)));
  line.focus();
}

/** A form that sends once at a time and says below itself how it went. */
function form({ fields, act, out, known, send }) {
  const line = make("p", { role: "status" });
  const submit = button(act, undefined, "primary");
  submit.type = "submit";
  const element = make("form", { noValidate: true }, ...fields, line, make("div", { className: "acts" }, submit, out));
  element.onsubmit = async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    line.textContent = text("sending");
    try {
      await send(line);
    } catch (error) {
      line.textContent = trouble(error, known);
    } finally {
      submit.disabled = false;
    }
  };
  return element;
}

/** Leaving an address: answers then also come by mail. */
export function address({ conversation, token, business, tell }) {
  const field = make("input", { type: "email", name: "email", autocomplete: "email", required: true, dir: "ltr" });
  const label = make("label", {}, text("address_label"), field);
  const section = enter(
    "form",
    text("address_title"),
    true,
    make("p", { textContent: text("address_why", { business }) }),
    form({
      fields: [label],
      act: text("address_leave"),
      out: button(text("not_now"), () => section.leave()),
      known: { "request-invalid": "address_wrong" },
      async send(line) {
        const email = field.value.trim();
        if (!email || !field.checkValidity()) {
          field.focus();
          line.textContent = text("address_wrong");
          return;
        }
        await call(`/v1/widget/conversations/${conversation}/address`, token, { email, locale: document.documentElement.lang });
        if (section.isConnected) tell("addressed");
        conclude(section, text("address_sent", { email }));
      },
    }),
  );
}

/**
 * How the chat was, from 1 to 5, and a comment. The edge knows whether there is something to ask, and asks once; leaving
 * the question is an answer too. Nobody called for it, so the focus stays where it is.
 */
export async function rating({ conversation, token, business, tell }) {
  const path = `/v1/widget/conversations/${conversation}/satisfaction`;
  // Whoever is about to end the chat is asked there.
  const place = ["rating", "form"].find((id) => document.getElementById(id));
  const at = document.getElementById(place);
  const asked = await call(path, token, undefined, "GET").catch(() => undefined);
  // A form that somebody is filling in is not taken from them.
  while (place == "form" && at.firstChild) {
    await new Promise((free) => new MutationObserver(free).observe(at, { childList: true }));
  }
  // The place goes with the conversation that it was about.
  if (!asked?.ask || !at.isConnected) return;
  const scale = make("fieldset", {}, make("legend", { textContent: text("rating_scale") }));
  for (let score = 1; score <= 5; score++) {
    const radio = make("input", { type: "radio", name: "score", value: score });
    const words = score === 1 || score === 5 ? make("small", { textContent: text(`rating_${score}`) }) : "";
    scale.append(make("label", {}, radio, make("b", { textContent: new Intl.NumberFormat(document.documentElement.lang).format(score) }), words));
  }
  const comment = make("textarea", { rows: 2, maxLength: 1000, dir: "auto" });
  const section = enter(
    place,
    text("rating_title"),
    false,
    form({
      fields: [scale, make("label", {}, text("rating_comment", { business }), comment)],
      act: text("rating_send"),
      out: button(text("not_now"), () => {
        tell("rated");
        section.leave();
      }),
      async send(line) {
        const score = Number(scale.querySelector(":checked")?.value);
        if (!score) {
          line.textContent = text("rating_choose");
          return;
        }
        const words = comment.value.trim();
        await call(path, token, { score, ...(words && { comment: words }) });
        tell("rated");
        conclude(section, text("rating_thanks"));
      },
    }),
  );
}

/** The way back from another device or another day: a code, shown once. */
export async function code({ conversation, token, path }) {
  const line = make("p", { role: "status", textContent: text("sending") });
  const section = enter("way-back", text("code_title"), true, line);
  try {
    const { code, until } = await call(`/v1/privacy/conversations/${conversation}/resume`, token);
    const shown = make("code", { textContent: code, dir: "ltr" });
    const copy = button(text("code_copy"), async () => {
      await navigator.clipboard.writeText(code).then(
        () => (copy.textContent = text("code_copied")),
        () => getSelection().selectAllChildren(shown),
      );
    });
    line.textContent = text("code_how", { address: `${location.host}${path}`, date: date(until) });
    section.append(make("p", {}, shown), make("div", { className: "acts" }, copy, button(text("close"), section.leave)));
  } catch (error) {
    line.textContent = trouble(error);
  }
}

/** The privacy centre, which a one-time code in the address lets know whose data it shows. */
export async function rights({ conversation, token, path }) {
  // Opened by the click itself: a tab that opens later is taken for an advertisement.
  const tab = open("", "_blank");
  if (tab) tab.opener = null;
  const address = await call(`/v1/privacy/conversations/${conversation}/codes`, token).then(
    (handed) => handed.path,
    () => path,
  );
  if (tab) {
    tab.location = address;
    return;
  }
  // The browser let no tab be opened: a link that is clicked is.
  const link = make("a", { href: address, target: "_blank", rel: "noopener", textContent: text("rights_open") });
  enter("way-back", text("rights_title"), true, make("p", {}, link));
}

/** A link in a mail was followed: it opens its conversation once. The tab remembers it, and the frame begins anew with it. */
export const back = ({ secret, site }) =>
  follow(text("back_title"), async () => {
    const { conversation, token } = await call("/v1/widget/return", "", { token: secret });
    sessionStorage.setItem("loquet", JSON.stringify({ site, conversation, token, at: Date.now() }));
    location.reload();
    return text("sending");
  });

/** A link in a mail was followed that proves an address. */
export const confirm = ({ secret, business }) =>
  follow(text("confirm_title"), async () => {
    await call("/v1/widget/addresses/confirm", "", { token: secret });
    return text("confirm_done", { business });
  });

/** Does what a link asks for, and says how it went. A link that opens nothing any more has one sentence for every reason. */
async function follow(title, act) {
  const line = make("p", { role: "status", textContent: text("sending") });
  const section = enter("form", title, true, line);
  section.append(make("div", { className: "acts" }, button(text("close"), section.leave)));
  try {
    line.textContent = await act();
  } catch (error) {
    line.textContent = error instanceof Refusal && !error.retry_after_s ? text("link_over") : trouble(error);
  }
}

/** How large a file is, as people say it. */
function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  const digits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: digits }).format(value);
}

/** Choosing files: each goes up at once, can be taken back, and all are sent as one message. */
export function attach({ conversation, token, tell }) {
  const path = `/v1/widget/conversations/${conversation}/files`;
  const list = make("ul");
  const line = make("p", { role: "status" });
  const input = make("input", { type: "file", multiple: true, accept: KINDS, ariaLabel: text("attach_choose") });
  let kept = [];
  let running = 0;
  const send = button(text("attach_send"), () => {
    tell("files", JSON.stringify(kept));
    kept = [];
    section.leave();
  }, "primary");
  const keep = () => {
    send.disabled = !kept.length || running > 0;
    input.disabled = kept.length + running >= FILES;
  };

  async function upload(file) {
    const row = make("li", {}, make("bdi", { textContent: file.name }), " ");
    const fate = make("span", { textContent: text("sending") });
    row.append(fate);
    list.append(row);
    running++;
    keep();
    try {
      if (file.size > FILE_BYTES) throw new Refusal({ type: "file-too-large" });
      const attachment = await call(path, token, file, "POST", {
        "content-type": "application/octet-stream",
        "x-loquet-file-name": encodeURIComponent(file.name),
      });
      kept.push(attachment);
      fate.textContent = size(attachment.bytes);
      const away = button("×", () => {
        kept = kept.filter(({ id }) => id !== attachment.id);
        row.remove();
        keep();
        input.focus();
        call(`${path}/${attachment.id}`, token, undefined, "DELETE").catch(() => {});
      });
      away.ariaLabel = text("attach_remove", { name: file.name });
      row.append(" ", away);
    } catch (error) {
      fate.className = "failed";
      fate.textContent = trouble(error, {
        "file-too-large": "attach_large",
        "file-type-refused": "attach_kind",
        "file-broken": "attach_broken",
        "files-too-many": "attach_many",
      });
    } finally {
      running--;
      keep();
    }
  }

  input.onchange = () => {
    const chosen = [...input.files];
    const room = FILES - kept.length - running;
    line.textContent = chosen.length > room ? text("attach_many") : "";
    chosen.slice(0, room).forEach(upload);
    input.value = "";
  };
  const section = enter("form", text("attach_title"), true, make("p", { textContent: text("attach_what") }), input, list, line, make("div", { className: "acts" }, send, button(text("not_now"), () => section.leave())));
  // Whichever way out: what was not sent is taken back.
  const { leave } = section;
  section.leave = () => {
    for (const { id } of kept) call(`${path}/${id}`, token, undefined, "DELETE").catch(() => {});
    leave();
  };
  keep();
}

/** Files of a message: pictures are shown, the rest is offered. Each is fetched with the token, so nothing else can open it. */
export function files({ conversation, token, files }) {
  for (const { id, name, media_type, bytes, width, height } of files) {
    const at = document.getElementById(id);
    if (!at || at.firstChild) continue;
    const path = `/v1/widget/conversations/${conversation}/files/${id}`;
    const get = async (rest = "") => {
      const answer = await fetch(path + rest, { headers: { authorization: `Bearer ${token}` }, credentials: "omit", cache: "no-store" });
      if (!answer.ok) throw new Refusal(await answer.json().catch(() => undefined));
      return URL.createObjectURL(await answer.blob());
    };
    const fetched = button("", async () => {
      fetched.disabled = true;
      told.textContent = "";
      try {
        const address = await get();
        make("a", { href: address, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      } catch (error) {
        told.textContent = trouble(error);
      }
      fetched.disabled = false;
    }, "file");
    const told = make("p", { role: "status", className: "failed" });
    fetched.append(make("bdi", { textContent: name }), make("small", { textContent: size(bytes) }));
    if (!media_type.startsWith("image/")) {
      at.append(fetched, told);
      continue;
    }
    const image = make("img", { alt: name, width: width ?? 0, height: height ?? 0, loading: "lazy" });
    at.append(image);
    get("?inline").then((address) => (image.src = address), () => image.replaceWith(fetched, told));
  }
}
