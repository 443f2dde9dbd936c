// The command palette: fetched when it is first asked for, so that no page carries it. Without it the link leads to the search page.
import { enhance as enhanceAll } from "./app.js";

const wide = matchMedia("(min-width: 60rem)");

export function enhance(link) {
  let dialog;
  if (/Mac|iP/.test(navigator.platform)) link.querySelector("kbd").textContent = "⌘ K";
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (!wide.matches || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    toggle();
  });

  async function toggle() {
    if (dialog?.open) { dialog.close(); return; }
    const typed = dialog ? () => "" : listen();
    dialog ??= await load();
    const words = typed();
    if (!dialog) { location.assign(link.href); return; }
    dialog.showModal();
    const input = dialog.querySelector("input");
    if (!words) { input.select(); return; }
    input.value = words;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Whoever types before the palette has come does not type into the page: returns what was typed until asked.
  function listen() {
    let words = "";
    const keep = (event) => {
      if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      words += event.key;
    };
    addEventListener("keydown", keep, true);
    return () => { removeEventListener("keydown", keep, true); return words; };
  }

  async function load() {
    try {
      const answer = await fetch(link.dataset.palette, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return null;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
      document.body.append(found);
      await enhanceAll(found);
      return found;
    } catch {
      return null;
    }
  }
}
