// Fetches a partial again while the page is being looked at; keeps the old one when the network is away.
export function enhance(box) {
  const seconds = Number(box.dataset.refreshSeconds) || 60;
  let last = box.innerHTML;
  async function refresh() {
    if (document.hidden || box.contains(document.activeElement)) return;
    try {
      const answer = await fetch(box.dataset.refresh, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      if (html === last) return;
      last = html;
      const parsed = new DOMParser().parseFromString(html, "text/html");
      box.replaceChildren(...parsed.body.childNodes);
      box.dispatchEvent(new CustomEvent("repcrm:added", { bubbles: true }));
    } catch { /* offline: what is shown stays */ }
  }
  setInterval(refresh, seconds * 1000);
  document.addEventListener("visibilitychange", refresh);
}
