// The part of the dashboard that runs before its program is there: it exists so that no page flashes in the wrong colours,
// and so that somebody whose page is older than the deployment is not left with an empty one.

try {
  const { theme } = JSON.parse(localStorage.getItem("loquet")) ?? {};
  if (["light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;
} catch {
  // Storage that is switched off, or holds something else, leaves the colours to the system.
}

// A file that is not there any more: loading again helps. The program takes the place of this sentence away once it has started,
// so that a picture that does not come later is no failed start.
const fail = () => {
  const place = document.getElementById("failed");
  if (!place) return;
  place.hidden = false;
  document.getElementById("reload").onclick = () => location.reload();
};
addEventListener("error", fail, true);
