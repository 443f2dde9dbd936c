// The plan without reloading: forms and dialogs in place, visits dragged to a slot that says before what it costs.
import { enhance as wake } from "./app.js";
import { show as toast } from "./toast.js";

const FETCHED = { "X-Requested-With": "fetch" };
let dragged = null;

function board() { return document.querySelector("[data-plan]"); }
function dialog() { return document.getElementById("plan-dialog"); }

// Puts the answered page in place of this one: its content and its toasts; the focus stays where it was, or goes to what is wrong.
async function show(answer) {
  if (answer.redirected && !new URL(answer.url).pathname.startsWith("/plan")) { location.assign(answer.url); return; }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = parsed.querySelector("main");
  if (!fresh) { location.reload(); return; }
  const focus = document.activeElement?.id;
  const scrolled = [...document.querySelectorAll("[data-plan-scroll]")].map((box) => [box.id, box.scrollTop]);
  const main = document.querySelector("main");
  main.replaceChildren(...fresh.childNodes);
  main.className = fresh.className;
  document.title = parsed.title;
  document.querySelector("[data-toasts]").replaceChildren(...parsed.querySelector("[data-toasts]").childNodes);
  if (answer.ok && answer.url !== location.href) history.replaceState(null, "", answer.url);
  for (const [id, top] of scrolled) document.getElementById(id)?.scrollTo(0, top);
  await wake(document);
  bringInView();
  const wrong = main.querySelector("[data-error-summary]");
  const back = focus && document.getElementById(focus);
  if (wrong) wrong.focus(); else if (back) back.focus({ preventScroll: true }); else main.focus({ preventScroll: true });
}

async function send(form, submitter) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  board()?.setAttribute("aria-busy", "true");
  const opener = dialog()?.dataset.opener;
  try {
    const address = submitter?.hasAttribute("formaction") ? submitter.formAction : form.action;
    const answer = await fetch(address, { method: "POST", body: new FormData(form, submitter), headers: FETCHED });
    if (dialog()?.open) dialog().close();
    await show(answer);
    if (answer.ok && opener) document.getElementById(opener)?.focus();
  } catch {
    HTMLFormElement.prototype.submit.call(form); // offline or blocked: as without a script
  }
}

async function openDialog(link) {
  const box = dialog();
  const answer = await fetch(link.href, { headers: FETCHED });
  if (!answer.ok || answer.redirected) { location.href = link.href; return; }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  box.querySelector("[data-plan-dialog-body]").replaceChildren(...parsed.body.childNodes);
  if (!box.contains(link)) box.dataset.opener = link.id;
  box.querySelector("[data-plan-dialog-body]").dispatchEvent(new CustomEvent("repcrm:added", { bubbles: true }));
  if (!box.open) box.showModal();
  box.scrollTop = 0;
  (box.querySelector("[data-plan-first]") ?? box.querySelector("h2")).focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (!form.closest("[data-plan-page], #plan-dialog, .toast")) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-plan-open], #plan-dialog .tabs a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !dialog()?.showModal) return;
  event.preventDefault();
  openDialog(link);
});

// Dragging: the costs of every slot are asked for once and written on the slots; what a rule forbids says so and takes nothing.
document.addEventListener("dragstart", async (event) => {
  const card = event.target.closest?.("[data-plan-drag]");
  if (!card || !board()) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.textContent.trim());
  board().classList.add("plan--dragging");
  const answer = await fetch(card.href, { headers: FETCHED });
  if (!answer.ok || dragged !== card) return;
  const costs = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const cost of costs.querySelectorAll("[data-slot]")) {
    const slot = board().querySelector(`[data-plan-slot="${cost.dataset.slot}"]`);
    if (!slot) continue;
    slot.dataset.takes = cost.dataset.takes;
    slot.querySelector("[data-plan-cost]").textContent = cost.dataset.words;
  }
});

document.addEventListener("dragover", (event) => {
  const slot = event.target.closest?.("[data-plan-slot]");
  if (!dragged || !slot) return;
  if (slot.dataset.takes !== "no" && slot.dataset.takes !== "here") event.preventDefault();
  board().querySelectorAll(".plan-slot--over").forEach((other) => other.classList.toggle("plan-slot--over", other === slot));
  slot.classList.add("plan-slot--over");
});

document.addEventListener("drop", (event) => {
  const slot = event.target.closest?.("[data-plan-slot]");
  if (!dragged || !slot) return;
  event.preventDefault();
  const form = document.getElementById("plan-drop");
  form.elements.slot.value = slot.dataset.planSlot;
  form.elements.doctor_id.value = dragged.dataset.planDrag;
  form.elements.on.value = dragged.dataset.planOn ?? "";
  form.elements.was.value = dragged.dataset.planWas ?? "";
  send(form);
});

document.addEventListener("dragend", () => {
  dragged = null;
  const refused = board()?.querySelector('.plan-slot--over[data-takes="no"] [data-plan-cost]');
  if (refused) toast(refused.textContent, { kind: "error" });
  board()?.classList.remove("plan--dragging");
  for (const slot of document.querySelectorAll("[data-plan-slot]")) {
    slot.classList.remove("plan-slot--over");
    delete slot.dataset.takes;
    slot.querySelector("[data-plan-cost]").textContent = "";
  }
});

// A proposal being made is asked after until it is there; then the page shows it by itself.
async function follow(box) {
  while (box.isConnected) {
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
    if (document.hidden || !box.isConnected || dialog()?.open || dragged) continue;
    try {
      const answer = await fetch(box.dataset.planWork, { headers: FETCHED });
      if (!answer.ok || answer.redirected) return;
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.headers.get("X-Work-Under-Way") === "no") { await show(await fetch(location.href, { headers: FETCHED })); return; }
      box.replaceChildren(...parsed.body.childNodes);
    } catch { /* offline: what is shown stays */ }
  }
}

function bringInView() {
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const list = tab.closest(".tabs");
    list.scrollLeft = tab.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  }
}

const followed = new WeakSet();
function followAll() {
  for (const box of document.querySelectorAll("[data-plan-work]")) {
    if (followed.has(box)) continue;
    followed.add(box);
    follow(box);
  }
}
bringInView();
new MutationObserver(followAll).observe(document.querySelector("main"), { childList: true, subtree: true });
followAll();
