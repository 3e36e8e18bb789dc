// The chats that are compared, each embedded as its documentation says, and where its parts are.
//
// Two ways of embedding are measured. "On click": nothing of a chat but its button is on the page, and a click brings
// the rest. That is what ours does by itself; a peer gets a button of the host page, whose click puts the documented
// script and element into the page, and the peer's own window opens as soon as the peer can. "With the page": the
// documented lines stand in the page's HTML, everything that they load is there before the click, and what that costs the
// page is measured as well. deep-chat has no launcher, so there is nothing to click on in the second way.

import { demo } from "../../workerd/harness.mjs";

const DEEP_CHAT = "deep-chat/dist/deepChat.bundle.js";
const AI_SEARCH = "@cloudflare/ai-search-snippet/dist/search-snippet.es.js";
const FLOWISE = "flowise-embed/dist/web.js";

/** The peers' files that the host serves. */
export const FILES = [DEEP_CHAT, AI_SEARCH, FLOWISE];

const module = (file) => `<script type="module" src="/peers/${file}"></script>`;
const onClick = (act) => `<button id="launcher">Chat</button><script>launcher.onclick = async () => {
  const load = (src) => document.head.append(Object.assign(document.createElement("script"), { type: "module", src }));
  ${act} };</script>`;

/** What each chat is, and what it puts into a page. */
export function chats(edge) {
  const snippet = `<script src="${edge}/embed.js" data-site="${demo.site.id}" async></script>`;
  return [
    {
      name: "loquet",
      // The snippet is the same either way: it loads the chat when it is wanted.
      onClick: snippet,
      withPage: snippet,
      framed: true,
      launcher: `document.querySelector("loquet-chat")?.shadowRoot.querySelector("button")`,
      field: `document.getElementById("message")`,
      send: `document.getElementById("send")`,
      thread: `document.getElementById("log")`,
    },
    {
      name: "deep-chat",
      onClick: onClick(`load("/peers/${DEEP_CHAT}");
        const chat = document.createElement("deep-chat");
        chat.setAttribute("connect", '{"url":"/backend/deep-chat"}');
        document.body.append(chat);`),
      withPage: `${module(DEEP_CHAT)}<deep-chat connect='{"url":"/backend/deep-chat"}'></deep-chat>`,
      ...parts("deep-chat", "#text-input", ".input-button", "#messages"),
    },
    {
      name: "ai-search-snippet",
      onClick: onClick(`load("/peers/${AI_SEARCH}");
        const chat = document.createElement("chat-bubble-snippet");
        chat.setAttribute("api-url", "/backend/ai-search");
        document.body.append(chat);
        await customElements.whenDefined("chat-bubble-snippet");
        chat.shadowRoot.querySelector(".bubble-button").click();`),
      withPage: `${module(AI_SEARCH)}<chat-bubble-snippet api-url="/backend/ai-search"></chat-bubble-snippet>`,
      ...parts("chat-bubble-snippet", ".chat-input", ".chat-send-button", ".chat-messages", ".bubble-button"),
    },
    {
      name: "flowise-embed",
      // Its documented option for a window that opens by itself.
      onClick: onClick(`const { default: Chatbot } = await import("/peers/${FLOWISE}");
        Chatbot.init({ chatflowid: "bench", apiHost: "/backend/flowise",
          theme: { button: { autoWindowOpen: { autoOpen: true, openDelay: 0 } } } });`),
      withPage: `<script type="module">import Chatbot from "/peers/${FLOWISE}";
        Chatbot.init({ chatflowid: "bench", apiHost: "/backend/flowise" });</script>`,
      ...parts("flowise-chatbot", "textarea", "[data-testid=input] button:has(.send-icon)", "[part=bot]", "button[part=button]"),
    },
  ];
}

/** Where the parts are, inside the shadow root of a peer's element. */
function parts(element, field, send, thread, launcher) {
  const inside = (selector) => `document.querySelector("${element}")?.shadowRoot?.querySelector("${selector}")`;
  return { field: inside(field), send: inside(send), thread: inside(thread), launcher: launcher && inside(launcher) };
}
