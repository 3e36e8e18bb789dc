// The part of the frame that works before its program is there: it exists so that a visitor can write at once.
//
// It answers the loader, takes what is typed and sent, closes, and begins to load the words. What it hears it keeps, and
// tells the program when that comes; afterwards it stays the one that listens to header, composer and loader.

const root = document.documentElement;
const find = (id) => document.getElementById(id);
const field = find("message");
const frame = JSON.parse(find("loquet-frame").textContent);
const kept = [];
let early = true;
let port;
let tell = (about, value) => kept.push([about, value]);

const post = (message) => port && port.postMessage(message);
const close = () => post({ type: "close" });

window.loquet = {
  // Nobody embeds this document: it was opened by itself, and is in view.
  top: parent == window,
  words: fetch(JSON.parse(find("loquet-locales").textContent)[root.lang], { credentials: "omit" })
    .then((answer) => answer.json())
    .catch(() => fail()),
  post,
  listen(listener) {
    tell = listener;
    // What was sent early stands in the thread from now on.
    early = false;
    document.querySelectorAll(".early").forEach((bubble) => bubble.remove());
    kept.forEach(([about, value]) => tell(about, value));
  },
};
root.classList.toggle("embedded", !window.loquet.top);

// The loader's hello comes once, from the page around. It hands over the port that everything else goes through.
addEventListener("message", ({ data, source, origin, ports: [first] }) => {
  if (port || source != parent || !data || data.loquet != 1 || data.type != "hello" || !first) return;
  port = first;
  port.onmessage = ({ data: { type, value } }) => {
    if (type == "focus") field.focus();
    else if (type == "theme") root.dataset.theme = value;
    else if (type == "compose") {
      // Only the visitor's own act sends.
      field.value = value;
      field.dispatchEvent(new Event("input"));
    } else tell(type, value);
  };
  tell("hello", origin);
  post({ type: "ready" });
});

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
  }
  tell("submit", text);
};
find("composer").onsubmit = (event) => {
  event.preventDefault();
  submit();
};
field.onkeydown = (event) => {
  if (event.key == "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    submit();
  }
};

find("close").onclick = close;
find("open-about").onclick = () => tell("about");
find("person").onclick = () => tell("person");
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

// A file that is not there any more: the page is older than the deployment, and loading it again helps.
const fail = () => {
  find("failed").hidden = false;
};
find("reload").onclick = () => location.reload();
addEventListener("error", fail, true);
addEventListener("unhandledrejection", fail);
