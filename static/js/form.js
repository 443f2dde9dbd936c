// Forms that send themselves, send once, ask before words are lost, and bring the page back where it was.
export function enhance(element) {
  if (element.matches("[data-auto-submit]")) autoSubmit(element);
  if (element.matches("[data-dirty-guard]")) dirtyGuard(element);
  if (element.matches("[data-once]")) once(element);
  if (element.matches("[data-keep-scroll]")) keepScroll(element);
  if (element.matches("[data-fill]")) fill(element);
  if (element.matches("[data-back]")) back(element);
}

function autoSubmit(form) {
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[type=search]")) form.requestSubmit();
  });
}

function dirtyGuard(form) {
  const read = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")).toString();
  const before = read();
  let sending = false;
  form.addEventListener("submit", () => { sending = true; });
  addEventListener("beforeunload", (event) => {
    if (!sending && read() !== before) event.preventDefault();
  });
  addEventListener("pageshow", () => { sending = false; });
}

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "yes";
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => { delete form.dataset.sending; form.removeAttribute("aria-busy"); });
}

const PLACE = "repcrm-scroll";
function keepScroll(element) {
  element.addEventListener(element.matches("form") ? "submit" : "click", () => {
    sessionStorage.setItem(PLACE, JSON.stringify([location.pathname, scrollY]));
  });
}
const kept = sessionStorage.getItem(PLACE);
if (kept) {
  sessionStorage.removeItem(PLACE);
  const [path, y] = JSON.parse(kept);
  if (path === location.pathname && !location.hash) scrollTo(0, y);
}

function fill(button) {
  button.addEventListener("click", () => {
    const target = document.getElementById(button.dataset.fillTarget);
    target.value = button.dataset.fill;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.dispatchEvent(new Event("change", { bubbles: true }));
    target.focus();
  });
}

// The way back that keeps what was typed; the link alone would load the page anew.
function back(link) {
  link.addEventListener("click", (event) => {
    if (history.length < 2 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    history.back();
  });
}
