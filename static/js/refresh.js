// Fetches a partial again while the page is being looked at. Where the server sends a tag, it is asked only for news;
// while the network is away the old one stays and says so ([data-refresh-failed]).
export function enhance(box) {
  const seconds = Number(box.dataset.refreshSeconds) || 60;
  let last = box.innerHTML, tag = "";
  async function refresh() {
    if (document.hidden || box.contains(document.activeElement)) return;
    const headers = { "X-Requested-With": "fetch" };
    if (tag) headers["If-None-Match"] = tag;
    try {
      const answer = await fetch(box.dataset.refresh, { headers });
      box.toggleAttribute("data-refresh-failed", !answer.ok && answer.status !== 304);
      if (!answer.ok || answer.redirected) return;
      tag = answer.headers.get("ETag") ?? "";
      show(await answer.text());
    } catch {
      box.toggleAttribute("data-refresh-failed", true);
    }
  }
  function show(html) {
    if (html === last) return;
    last = html;
    const parsed = new DOMParser().parseFromString(html, "text/html");
    box.replaceChildren(...parsed.body.childNodes);
    box.dispatchEvent(new CustomEvent("repcrm:added", { bubbles: true }));
  }
  setInterval(refresh, seconds * 1000);
  document.addEventListener("visibilitychange", refresh);
}
