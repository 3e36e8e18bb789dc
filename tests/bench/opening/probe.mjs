// What runs inside the host page and inside the frame, to see with the visitor's eyes when a chat takes text and sends
// it. It looks once a frame of the screen, from the click on the launcher on, the same way in every document.

/**
 * The source of a script for every new document. `chat` names, as expressions, where the chat's parts are; `words` are
 * typed and sent. Marks are told to the binding `mark`, in milliseconds of the machine's clock.
 */
export function probe(chat, words) {
  const parts = ["field", "send", "thread"].map((name) => `${name}: () => ${chat[name]}`);
  return `(${watch})({ ${parts.join(", ")} }, ${JSON.stringify(words)}, ${Boolean(chat.framed)})`;
}

/* Is sent as text: nothing outside may be used here. */
function watch({ field, send, thread }, words, framed) {
  const mark = (name, time) => globalThis.mark(JSON.stringify([name, performance.timeOrigin + time]));
  const text = (input) => input.value ?? input.textContent;

  // Shown, enabled, and a word that is typed stands in it.
  const takes = (input) => {
    if (!input || input.disabled || input.readOnly || !input.checkVisibility({ visibilityProperty: true })) return false;
    input.focus();
    document.execCommand("insertText", false, words);
    return text(input).includes(words);
  };

  let written = false;
  const look = () => {
    if (!written) {
      written = takes(field());
      if (written) mark("takes", performance.now());
    } else if (thread()?.textContent.includes(words)) {
      return mark("appears", performance.now());
    } else if (text(field())?.includes(words)) {
      // As often as a frame: Send may be drawn before it works.
      send()?.click();
    }
    requestAnimationFrame(look);
  };

  if (top == window) {
    const clicked = ({ timeStamp }) => {
      mark("click", timeStamp);
      if (!framed) look();
    };
    // Later clicks are those on Send.
    addEventListener("click", clicked, { capture: true, once: true });
  } else if (framed) {
    look();
  }
}
