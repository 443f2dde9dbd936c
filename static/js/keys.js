// Keys that go somewhere: data-shortcut on links, buttons and inputs; Ctrl/Cmd-K finds anything; ? lists them. Single keys can be switched off.
import { enhance as prepareDialog } from "./dialog.js";

const OFF = "repcrm-keys-off";
const keys = new Map();
const help = document.getElementById("keyboard-help");

export function enhance(element) {
  keys.set(element.dataset.shortcut, element);
  element.setAttribute("aria-keyshortcuts", element.dataset.shortcut);
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "k") go(event, keys.get("/"));
    return;
  }
  if (event.target.closest("input, select, textarea, [contenteditable], [role=grid], dialog[open]") || localStorage.getItem(OFF)) return;
  if (event.key === "?" && help) { event.preventDefault(); showHelp(); return; }
  go(event, keys.get(event.key));
});

function go(event, element) {
  if (!element?.isConnected) return;
  event.preventDefault();
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function showHelp() {
  const list = help.querySelector("dl");
  list.replaceChildren(...[...keys].filter(([, element]) => element.isConnected).map(([key, element]) => {
    const row = document.createElement("div");
    row.className = "facts__row";
    const term = document.createElement("dt"), words = document.createElement("dd"), cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    words.textContent = element.labels?.[0]?.textContent ?? element.getAttribute("aria-label") ?? element.textContent.trim();
    row.append(term, words);
    return row;
  }));
  help.showModal();
}

if (help) prepareDialog(help);
const off = help?.querySelector("[data-keys-off]");
if (off) {
  off.checked = !localStorage.getItem(OFF);
  off.addEventListener("change", () => { if (off.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1"); });
}
