// The loader: the one file of Loquet that runs inside somebody else's page.
//
// It exists because a chat must not cost the host anything before a visitor wants it, and must not be readable
// by the host's scripts once they do. So it draws a launcher as plain DOM in a shadow root, and only on intent
// (pointer, focus, `open`) a frame from Loquet's own origin, which is the chat. Before intent it makes no request,
// stores nothing and moves nothing. All it knows are the attributes of its own script tag.
//
// It has at most 2,048 bytes (brotli 11, after esbuild's `--minify --target=es2019 --format=iife`); comments are free. The
// order of rules, names and methods is the one that packs best. It needs a browser of 2024; an older one shows no launcher.
// Deliberately absent: fetch, cookies, storage, inline style or script, `innerHTML`, timers that outlive `destroy`.
//
// Protocol with the frame, version 1. After each load of the frame the loader posts one window message to exactly
// Loquet's origin, `{loquet: 1, type: "hello", locale, theme, identify}`, which hands over a MessagePort. From then on only
// the port speaks, with `{type, value}` (shown, hidden, focus, locale, theme, compose, identify), and hears ready, close,
// `{type: "event", name, detail}` and `{type: "unread", count}`. With `shown` comes the path of the page, which the frame
// sends on only where the business keeps it. What `identify` is given never stands in an address.
// Any word from the frame counts as a sign of life; one that says nothing within 2.5 seconds after its load event is taken
// off the page, and the launcher with it, unless the browser was offline: then, and where no load event comes within 20
// seconds, the launcher stays and the next intent tries anew.

// What the launcher's button is called, in each language of the widget: to open, to close. English is the fallback.
const NAMES =
  "Open chat,Close chat" +
  "|itApri la chat,Chiudi la chat" +
  "|frOuvrir le chat,Fermer le chat" +
  "|nlChat openen,Chat sluiten" +
  "|esAbrir el chat,Cerrar el chat" +
  "|deChat öffnen,Chat schließen" +
  "|ptAbrir o chat,Fechar o chat" +
  "|plOtwórz czat,Zamknij czat" +
  "|arفتح الدردشة,إغلاق الدردشة" +
  "|heפתיחת צ'אט,סגירת צ'אט";

const page = document.documentElement;

// Modules have no `currentScript`, so any tag that loads this file and names a site will do.
const { dataset: options, src } =
  document.currentScript || document.querySelector("[src*='/embed.']:is([data-site],[src*='site='])");

// Twice on a page is one widget: the first one.
if (!(window.Loquet || 0).destroy) {
  let opened = false;
  let unread = "";
  let heard = [];
  let frame, port, draft, timer;

  // First intent: the frame begins to load, unseen.
  let load = () => {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.src = `${edge}/widget/${site}?theme=` + look.theme + "&locale=" + look.locale;
    frame.referrerPolicy = "origin";
    frame.title = "Chat";
    // Every document gets a port of its own: after a reload, too, and after a page that swaps its body moved the frame.
    frame.onload = () => {
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = hear;
      clearTimeout(timer);
      timer = setTimeout(fail, 2500, navigator.onLine);
      frame.contentWindow.postMessage({ type: "hello", loquet: 1, ...look }, edge, [channel.port2]);
      if (opened) send("shown", location.pathname);
      if (draft) send("compose", draft);
      // Where the visitor has meanwhile gone elsewhere, their focus stays there.
      if (root.activeElement == frame) send("focus");
      draft = "";
    };
    timer = setTimeout(fail, 20000);
    root.append(frame);
  };

  // Opens or closes the panel; opening an open one only moves the focus. Focus moves only by the visitor's own act (the
  // browser knows: a click handler that calls `Loquet.open()` is one, a page that loads is not), and goes back to the launcher.
  let show = (value) => {
    const inside = root.activeElement;
    if (value) load();
    if (opened != value) {
      opened = value;
      // Painting measures the page's scroll bar, so it comes before the sheet that takes the bar away.
      paint();
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other != sheet).concat(opened ? sheet : []);
      send(opened ? "shown" : "hidden", location.pathname);
      emit(opened ? "open" : "close");
    }
    if (!opened) {
      if (inside) button.focus();
    } else if (navigator.userActivation.isActive) {
      frame.focus();
      send("focus");
    }
  };

  const { origin: edge, searchParams } = new URL(src);
  const color = /^#[\da-f]{6}$/i.test(options.color) ? options.color : "#1f6f5c";
  const side = "inset-inline-" + (options.position == "start" ? "start:" : "end:");
  const site = options.site || searchParams.get("site");
  const look = {
    theme: options.theme || "auto",
    locale: options.locale || page.lang || navigator.language,
  };
  // Not a `div`, so that a host's rules for generic elements find nothing; what they find all the same, `:host` undoes.
  const host = document.createElement("loquet-chat");
  const view = window.visualViewport;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  const stop = new AbortController();
  const badge = document.createElement("span");
  const button = document.createElement("button");

  const send = (type, value) => port && port.postMessage({ type, value });

  const hear = ({ data }) => {
    clearTimeout(timer);
    if (data.type == "close") return show(false);
    if (data.type == "unread") {
      unread = data.count || "";
      paint();
    }
    emit(data.name || data.type, data.detail || data);
  };

  // Each listener runs in a task of its own: one that throws is its page's error and stops nothing here.
  const emit = (name, detail) =>
    heard.forEach(([other, listener]) => other == name && setTimeout(listener, 0, detail));

  // `setContext` belongs to the interface but not yet to the product: it is accepted and ignored.
  const ignore = () => {};

  // Draws everything that follows from the state. Sizes are px: the host's root font size is its own business.
  // One sheet serves twice: in the shadow root, where `:host` matches, and while the panel is open in the page, where only
  // the rule for `html` does. It holds the page still under a full screen, and keeps the room of its scroll bar, so that
  // nothing shifts. A frame from another site does not see the phone's keyboard: the page's visual viewport sizes it.
  const paint = () => {
    const names = (NAMES.split("|" + look.locale.slice(0, 2))[1] || NAMES).split(/[,|]/);
    button.ariaLabel = names[+opened] + (unread && ` (${unread})`);
    button.ariaExpanded = opened;
    badge.textContent = unread;
    sheet.replaceSync(
      `:host span{position:absolute;inset-inline-end:-2px;border-radius:10px;top:-2px;font:12px/20px system-ui;padding:0 6px;background:#b4531f;color:#fff}` +
        // The icon is black or white, whichever reads better: at lightness 50 both are equally far.
        `:host button{background:${color};border-radius:50%;padding:13px;cursor:pointer;color:lab(from ${color} calc(1e9*(50 - l)) 0 0);border:1px solid transparent}` +
        // The mark, a speech bubble with a keyhole, cut out of a border, which forced colours leave visible.
        `:host button:before{clip-path:path("M14 2a12 12 0 0 0-12 12v12h12a12 12 0 0 0 0-24m2 13 1 5h-6l1-5a3 3 0 1 1 4 0");content:"";display:block;border:14px solid}` +
        `:host{all:initial!important;z-index:2147483647!important;margin:24px!important;position:fixed!important;bottom:env(safe-area-inset-bottom)!important;display:flex!important;${side}0!important}` +
        `:host iframe{position:absolute;width:392px;border-radius:16px;${side}0;bottom:72px;box-shadow:0 8px 40px #1b242033;height:min(660px,100vh - 112px);border:0}` +
        `:host [hidden]+iframe{bottom:0}` +
        `:host [aria-expanded=false]+iframe{visibility:hidden}` +
        // Where the panel takes the whole screen: a phone, upright or not, or a desk zoomed in.
        `@media(max-width:479px),(max-height:479px){html{overflow:hidden!important;scrollbar-gutter:${innerWidth > page.clientWidth && "stable"}}:host [aria-expanded=true]{display:none}:host iframe{position:fixed;width:100%;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom);height:${view.height}px;border-radius:0;inset:${view.offsetTop}px 0 auto;box-sizing:border-box}}`,
    );
  };

  // Nobody speaks from the frame. Online that is a mistake in site id, origins or policy, which no further click mends.
  const fail = (online) => {
    show(false);
    frame.remove();
    frame = port = false;
    if (online) {
      remove();
      console.error(`Loquet: check site id ${site}, origins, frame-src ${edge}`);
      emit("error");
    }
  };

  const set = (type) => (value) => {
    look[type] = value;
    paint();
    send(type, value);
  };

  const api = {
    show: () => (button.hidden = false),
    setTheme: set("theme"),
    close: () => show(false),
    setContext: ignore,
    identify: set("identify"),
    destroy() {
      remove();
      if (window.Loquet == api) delete window.Loquet;
    },
    hide: () => (button.hidden = true),
    setLocale: set("locale"),
    toggle: () => show(!opened),
    open: () => show(true),
    off: (name, listener) => (heard = heard.filter(([a, b]) => a != name || b != listener)),
    on: (...pair) => heard.push(pair),
    push: (...calls) => calls.forEach(([name, ...values]) => api[name](...values)),
    sendMessage(value) {
      show(true);
      if (port) send("compose", value);
      else draft = value;
    },
  };

  // Takes everything off the page. The object on `window` stays and does nothing, so that a host's calls don't throw.
  const remove = () => {
    show(false);
    clearTimeout(timer);
    stop.abort();
    watch.disconnect();
    if (port) port.close();
    show = load = ignore;
    host.remove();
  };

  // The body may come later than this script, and single-page applications replace or empty it.
  const attach = () => {
    if (document.readyState == "loading") return;
    if (!host.isConnected) document.body.append(host);
    [page, document.body].forEach((node) => watch.observe(node, { childList: true }));
  };
  const watch = new MutationObserver(attach);

  button.append(badge);
  root.adoptedStyleSheets = [sheet];
  root.append(button);
  button.onclick = api.toggle;
  button.onpointerenter = button.onfocus = load;
  view.addEventListener("resize", paint, stop);
  view.addEventListener("scroll", paint, stop);
  document.addEventListener("readystatechange", attach, stop);
  button.hidden = options.launcher == "hide";
  paint();
  attach();

  const queue = window.Loquet || [];
  window.Loquet = api;
  if ("open" in options) show(true);
  api.push(...queue);
}
