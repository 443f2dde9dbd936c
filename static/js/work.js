// Watches long work: fetches its partial every second, and goes on when there is nothing left to watch.
const EVERY = 1000;
export function enhance(box) {
  const watch = async () => {
    try {
      const answer = await fetch(box.dataset.work, { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok && !answer.redirected) {
        const html = await answer.text();
        if (answer.headers.get("X-Work-Under-Way") === "no") { location.replace(box.dataset.workThen); return; }
        const fresh = new DOMParser().parseFromString(html, "text/html").body;
        if (!box.contains(document.activeElement) || !fresh.querySelector("form")) box.replaceChildren(...fresh.childNodes);
        box.dispatchEvent(new CustomEvent("repcrm:added", { bubbles: true }));
      }
    } catch { /* offline: the work goes on without being watched */ }
    setTimeout(watch, EVERY);
  };
  if (box.querySelector("form")) setTimeout(watch, EVERY);
}
