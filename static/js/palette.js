// The command palette: fetched when it is first asked for, so that no page carries it. Without it the link leads to the search page.
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
    dialog ??= await load();
    if (!dialog) { location.assign(link.href); return; }
    dialog.showModal();
    dialog.querySelector("input").select();
  }

  async function load() {
    try {
      const answer = await fetch(link.dataset.palette, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return null;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
      document.body.append(found);
      found.dispatchEvent(new CustomEvent("repcrm:added", { bubbles: true }));
      return found;
    } catch {
      return null;
    }
  }
}
