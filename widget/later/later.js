// The forms of the frame that most visitors never need: leaving an address, saying how the chat was, ways back into a
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
async function call(path, token, body, method = "POST") {
  const answer = await fetch(path, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) },
    body: body && JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE_MS),
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
  if (asked) heading.focus();
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
        tell("addressed");
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
  const asked = await call(path, token, undefined, "GET").catch(() => undefined);
  // Whoever is about to end the chat is asked there.
  const place = ["rating", "form"].find((id) => document.getElementById(id));
  if (!asked?.ask) return;
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
