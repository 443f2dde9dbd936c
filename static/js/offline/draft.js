// Forms of the pages from the server: with scripts, what they say goes through the queue, with a network and without one.
import { BLANK, changed, read } from "./facts.js";
import * as log from "./log.js";
import { say } from "./words.js";

export function prepare(queue) {
  const form = document.querySelector("form[data-draft]");
  if (form) prepareCall(queue, form);
  const submit = document.querySelector("form[data-submit-sheet]");
  if (submit) prepareSubmit(queue, submit);
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", (event) => signOut(queue, event));
}

// What is missing of a call, as the name of its words; null if nothing is.
export function lacks(facts, form) {
  if (!facts.result) return "noresult";
  if (form.querySelector("[name=next_step][value=date]").checked && !facts.follow_up) return "noday";
  return facts.purposes.length ? null : "nopurpose";
}

// Saves a call as a form has it; returns what became of it: {state: sent, waiting or attention, words, op}.
export function save(queue, call, form) {
  const facts = read([...new FormData(form)], call.day_on);
  const about = log.about(call);
  if (call.status !== "done") return queue.add("log", about, facts);
  return queue.add("revise", about, changed({ ...BLANK, ...call.facts }, facts));
}

function prepareCall(queue, form) {
  const draft = JSON.parse(form.dataset.draft);
  const known = queue.calls.find((one) => one.entity_id === draft.entity_id);
  if (known?.waiting.length) return location.replace(`/offline#call/${known.entity_id}`); // it says more than this page
  const entity_id = draft.entity_id ?? newKey();
  const call = { ...draft, entity_id, status: draft.facts.result ? "done" : "planned", waiting: [] };
  form.addEventListener("submit", async (event) => {
    if (lacks(read([...new FormData(form)], call.day_on), form)) return; // the server says so beside the field
    event.preventDefault();
    if (form.dataset.saving) return; // a thumb that taps twice
    form.dataset.saving = "yes";
    const kept = await save(queue, call, form);
    if (kept.state === "attention") {
      await queue.drop([kept]); // the words are still in the form
      delete form.dataset.saving;
      delete form.dataset.sending;
      return problem(form, kept.words);
    }
    const words = told(kept, call);
    if (kept.state === "sent" || navigator.serviceWorker?.controller) queue.tellNext(kept, words, form.dataset.next);
    else form.replaceWith(notice(words)); // without a worker there is no other page to go to
  });
}

// What is said of a call that was saved.
export const told = (kept, call) => say("saved", { name: call.doctor }) + (kept.state === "sent" ? "" : ` ${say("kept")}`);

function notice(words) {
  const box = document.createElement("p");
  box.className = "banner banner--success";
  box.setAttribute("role", "status");
  box.textContent = words;
  return box;
}

export const newKey = () => log.uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

function problem(form, words) {
  const line = form.querySelector("[data-problem]") ?? document.createElement("p");
  line.dataset.problem = "";
  line.className = "field__error";
  line.setAttribute("role", "alert");
  line.textContent = words;
  form.prepend(line);
  line.scrollIntoView({ block: "center" });
}

// The sheet goes in after everything on it: at once where all has been sent, else behind the rest of the queue.
function prepareSubmit(queue, form) {
  form.addEventListener("submit", async (event) => {
    if (!queue.known.entries.length && navigator.onLine) return;
    event.preventDefault();
    await queue.add("submit", { entity_id: `sheet-${form.dataset.submitSheet}` }, {});
    location.reload();
  });
}

async function signOut(queue, event) {
  const form = event.target;
  event.preventDefault();
  await queue.send();
  const count = queue.known.entries.length;
  if (count && !form.dataset.sure) {
    form.dataset.sure = "yes";
    return problem(form, say("leaving", { count }));
  }
  await queue.leave();
  form.submit();
}
