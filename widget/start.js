// The part of the frame that works before its program is there: it exists so that a visitor can write at once.
//
// It answers the loader, takes what is typed and sent, closes, and loads the program. What it hears it keeps, and
// tells the program when that comes; afterwards it stays the one that listens to header, composer and loader. The first
// message it sends off itself, under the id that the program then goes on with.

const root = document.documentElement;
const find = (id) => document.getElementById(id);
const field = find("message");
const frame = JSON.parse(find("loquet-frame").textContent);
const kept = [];
// What the program needs from here, and how it says that it is there.
const start = {};
let early = true;
let port;
let tell = (about, value) => kept.push([about, value]);

const post = (message) => port && port.postMessage(message);
const close = () => post({ type: "close" });

window.loquet = Object.assign(start, {
  // Nobody embeds this document: it was opened by itself, and is in view.
  top: parent == window,
  words: Promise.resolve(JSON.parse(find("loquet-words").textContent)),
  post,
  // Forms that most visitors never need come when one is wanted. `about` is what the program knows, as JSON.
  later: (form, about) =>
    import(later).then(
      (forms) => forms[form]({ ...JSON.parse(about), tell: (...said) => tell(...said) }),
      async () => {
        // The way to one's rights is a link as well: it leads there all the same.
        if (form == "rights") return window.open(JSON.parse(about).path, "_blank", "noopener");
        // A file that is gone: the page is older than the deployment. Without an answer, it is the network.
        const { status } = await fetch(later, { method: "HEAD", cache: "no-store" }).catch(() => ({}));
        tell("later-failed", status == 404 ? "gone" : "");
      },
    ),
  listen(listener) {
    tell = listener;
    // What was sent early stands in the thread from now on.
    early = false;
    document.querySelectorAll(".early").forEach((bubble) => bubble.remove());
    kept.forEach(([about, value]) => tell(about, value));
  },
});
root.classList.toggle("embedded", !start.top);

// The loader's hello comes once, from the page around. It hands over the port that everything else goes through.
addEventListener("message", ({ data, source, origin, ports: [first] }) => {
  if (port || source != parent || !data || data.loquet != 1 || data.type != "hello" || !first) return;
  port = first;
  port.onmessage = ({ data: { type, value } }) => {
    if (type == "focus") field.focus();
    else if (type == "theme") root.dataset.theme = value;
    else if (type == "compose") {
      // Only the visitor's own act sends. What covers the composer makes place for it, and gives it the focus if it had it.
      if (find("back")) {
        find("back").click();
        setTimeout(() => document.hasFocus() && field.focus());
      }
      field.value = value;
      field.dispatchEvent(new Event("input"));
    } else {
      // Where the visitor is on the host's page, for the first message, where the business keeps that.
      if (type == "shown") start.path = value;
      tell(type, value);
    }
  };
  tell("hello", origin);
  // What the page chose since it asked for this document.
  if (data.theme) root.dataset.theme = data.theme;
  if (data.locale && data.locale != new URLSearchParams(location.search).get("locale")) tell("locale", data.locale);
  if (data.identify) tell("identify", data.identify);
  post({ type: "ready" });
});

// Opened by itself, the document is the page that the chat belongs to.
if (start.top) tell("hello", location.origin);

// A link in a mail leads back to a conversation, or proves an address. What it holds serves once, so it leaves the
// address line at once.
const [, link, secret] = location.hash.match(/^#(return|address)\/(.+)/) ?? [];
if (link) history.replaceState(null, "", location.pathname);

// A tab that remembers a conversation of this site goes on with it, and that is the program's to find out.
const remembers = () => {
  try {
    return JSON.parse(sessionStorage.getItem("loquet")).site == frame.site;
  } catch {
    return false;
  }
};

// Sends the first message off. The program finds its id as `draft`, and under that id the answer to come.
const open = (text) => {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  let time = Date.now();
  let draft = "";
  for (let place = 10; place--; time = Math.floor(time / 32)) draft = digits[time % 32] + draft;
  crypto.getRandomValues(new Uint8Array(16)).forEach((byte) => (draft += digits[byte % 32]));
  draft = start.draft = `drf_${draft}`;
  start[draft] = fetch(`/v1/widget/sites/${frame.site}/conversations`, {
    method: "POST",
    headers: { authorization: `Bearer ${frame.token}`, "content-type": "application/json" },
    body: JSON.stringify({ draft, text, locale: root.lang, path: frame.keeps_path ? start.path : undefined }),
    credentials: "omit",
    cache: "no-store",
    signal: AbortSignal.timeout(30_000),
  });
  // Whether it failed is the program's to say.
  start[draft].catch(() => {});
};

// Empty is not sent, and what is too long stays where it can be shortened.
const submit = () => {
  const text = field.value.trim();
  if (!text || [...text].length > +field.dataset.limit) return;
  field.value = "";
  field.dispatchEvent(new Event("input"));
  if (early) {
    const bubble = find("log").appendChild(document.createElement("div"));
    bubble.className = "early";
    bubble.textContent = text;
    if (frame.token && !start.draft && !link && !remembers()) open(text);
  }
  tell("submit", text);
};
// No submit button: a form that submits itself before this script runs would stop the page, which its policy forbids to.
find("send").onclick = submit;
find("composer").onsubmit = (event) => event.preventDefault();
field.onkeydown = (event) => {
  if (event.key == "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
};

find("close").onclick = close;
find("open-about").onclick = () => tell("about");
find("person").onclick = () => tell("person");
find("attach").onclick = () => tell("attach");
addEventListener("keydown", (event) => {
  if (event.key != "Escape" || event.isComposing) return;
  const back = find("back");
  if (back) back.click();
  else close();
});

// The business's colour, and its initial. Style attributes are forbidden here, the object model is not.
[
  ["light", frame.accent],
  ["dark", frame.accent_dark],
].forEach(([theme, { fill, ink }]) => {
  root.style.setProperty(`--fill-${theme}`, fill);
  root.style.setProperty(`--ink-${theme}`, ink);
});
find("mark").textContent = [...frame.business.name][0];

// A file that is not there any more: the page is older than the deployment, and loading it again helps. Once the program
// is there, it has started, whatever else goes wrong.
const fail = () => {
  find("failed").hidden = !early;
};
find("reload").onclick = () => location.reload();
addEventListener("error", fail, true);
addEventListener("unhandledrejection", fail);

// The program comes once the page stands: asked for earlier, it would hold up the composer. A frame that is not in view
// draws nothing, so time alone is enough too.
const [glue, program, later] = JSON.parse(find("loquet-program").textContent);
let begun;
const begin = () => {
  if (begun) return;
  begun = true;
  const preload = document.createElement("link");
  Object.assign(preload, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: program });
  document.head.append(preload);
  import(glue).catch(fail);
};
requestAnimationFrame(() => setTimeout(begin));
setTimeout(begin, 200);
if (link) {
  const about = { secret, site: frame.site, business: frame.business.name };
  start.later(link == "return" ? "back" : "confirm", JSON.stringify(about));
}
