// The call sheet without a network: today, a fortnight of the plan, follow-ups and the queue, out of what the phone keeps.
// Routes stand behind the #, so that moving about never asks the network: #day/2026-11-23, #call/<entity>, #new/<doctor>/<day>.
import { BLANK, plusDays, read } from "./facts.js";
import { lacks, newKey, save, told } from "./draft.js";
import * as log from "./log.js";
import { started } from "./queue.js";
import { filled, instant, say, shortDay } from "./words.js";

const main = document.querySelector("[data-sheet]");
const queue = await started;

function piece(name, fill = {}) {
  const made = document.importNode(document.querySelector(`template[data-t=${name}]`).content, true);
  for (const [key, value] of Object.entries(fill)) made.querySelector(`[data-f=${key}]`).textContent = value;
  return made;
}

const part = (root, name) => root.querySelector(`[data-f=${name}]`);
const word = (kind, value) => document.querySelector("template[data-t=kinds]").content.querySelector(`[data-${kind}="${value}"]`).textContent;

// The address the phone was opened at says what to show, where nothing stands behind the #.
function route() {
  if (location.hash) return location.hash.slice(1).split("/");
  const [, first, second, third] = location.pathname.split("/");
  if (first === "calls" && second === "find") return ["find"];
  if (first === "calls" && third) return ["id", second];
  if (first === "calls" && second === "new") {
    const asked = new URLSearchParams(location.search);
    return ["new", asked.get("doctor_id"), asked.get("day") ?? queue.now.day];
  }
  if (first === "follow-ups") return ["promises"];
  return ["", "offline", "today"].includes(first) ? ["day", second] : ["elsewhere"];
}

const pages = { day, call, id, new: unplanned, find, promises, queue: queuePage, elsewhere: () => piece("elsewhere") };

function render() {
  if (!queue?.known.pack) return main.replaceChildren(piece("empty"));
  const [name, ...rest] = route();
  const shown = (pages[name] ?? pages.elsewhere)(...rest);
  main.replaceChildren(shown);
  for (const tab of document.querySelectorAll("[data-tab]")) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page"); else tab.removeAttribute("aria-current");
  }
  main.dispatchEvent(new CustomEvent("repcrm:added", { bubbles: true }));
}

// --- the day ---------------------------------------------------------------------------------------------------------

function day(on = queue.now.day) {
  const { pack, entries } = queue.known;
  const calls = queue.calls.filter((one) => one.day_on === on);
  const open = calls.filter((one) => one.status === "planned");
  const done = calls.filter((one) => one.status === "done");
  const locked = log.isLocked(pack, entries, on);
  const page = piece("day", { day: shortDay(on), title: on === queue.now.day ? word("title", "today") : word("title", "sheet") });
  for (const [name, days] of [["before", -1], ["after", 1]]) part(page, name).href = `#day/${plusDays(on, days)}`;
  const bar = page.querySelector("progress");
  bar.max = open.length + done.length || 1;
  bar.value = done.length;
  const words = page.querySelector(".progress__words");
  words.textContent = filled(words.textContent, { done: done.length, all: open.length + done.length });
  bar.setAttribute("aria-label", words.textContent);
  part(page, "asof").textContent = filled(part(page, "asof").textContent, { when: instant(Date.parse(pack.made_at)) });
  part(page, "locked").hidden = !locked;
  part(page, "decide").hidden = !pack.conflicts;
  part(page, "none").hidden = calls.length > 0;
  part(page, "groups").append(...Object.values(Object.groupBy(open, (one) => one.hospital)).map(group));
  part(page, "done").hidden = !done.length;
  part(page, "cards").append(...done.map(card));
  part(page, "actions").hidden = locked || on > queue.now.day;
  part(page, "find").href = `#find/${on}`;
  part(page, "submit").addEventListener("click", () => queue.add("submit", { entity_id: `sheet-${on}` }, {}));
  return page;
}

function group(calls) {
  const made = piece("group", { name: calls[0].hospital });
  made.firstElementChild.append(...calls.map(card));
  return made;
}

function card(call) {
  const made = piece("card");
  const { doctors } = queue.known.pack;
  const doctor = doctors.find((one) => one.id === call.doctor_id);
  const locked = log.isLocked(queue.known.pack, queue.known.entries, call.day_on);
  const refused = call.waiting.find((one) => one.state === "attention");
  const link = made.querySelector(".visit__name a");
  link.textContent = call.doctor;
  link.href = `#call/${call.entity_id}`;
  fillRing(made, Math.max(0, ...Object.values(doctor?.ratings ?? {})) || null);
  made.querySelector(".visit__detail").textContent = call.department ?? call.hospital;
  setLine(made, ".visit__line", call.status === "done" ? `${word("result", call.facts.result)} · ${call.facts.started_at_time ?? ""}` : lastCall(doctor));
  heed(made, refused);
  made.firstElementChild.classList.toggle("visit--done", call.status === "done");
  part(made, "cloud").hidden = !call.waiting.length;
  const record = part(made, "record");
  record.href = link.href;
  record.hidden = call.status === "done" || locked || call.day_on > queue.now.day;
  return made;
}

// Whether a card is orange, and why.
function heed(made, refused) {
  made.firstElementChild.classList.toggle("visit--attention", Boolean(refused));
  made.firstElementChild.classList.toggle("visit--conflict", Boolean(refused));
  setLine(made, ".visit__attention", refused?.words);
}

function fillRing(made, rating) {
  if (!rating) return;
  const ring = made.querySelector(".ring");
  ring.classList.remove("ring--none");
  ring.querySelector(".ring__figure").textContent = rating;
  ring.querySelector(".visually-hidden").textContent = rating;
  ring.removeAttribute("title");
  const fill = ring.querySelector("circle").cloneNode();
  fill.setAttribute("class", "ring__fill");
  fill.setAttribute("stroke-dasharray", `${rating} 7`);
  fill.setAttribute("transform", "rotate(-90 18 18)");
  ring.querySelector("svg").append(fill);
}

function setLine(made, selector, text) {
  const line = made.querySelector(selector);
  if (text) line.textContent = text; else line.remove();
}

const lastCall = (doctor) => (doctor?.last_calls.length ? earlier(doctor.last_calls[0]) : "");
const earlier = (one) => [shortDay(one.day_on), word("result", one.result), one.summary].filter(Boolean).join(" · ");

// --- a call ----------------------------------------------------------------------------------------------------------

function id(key) {
  const found = queue.calls.find((one) => String(one.call_id) === key);
  return found ? call(found.entity_id) : piece("elsewhere");
}

function call(entity) {
  const found = queue.calls.find((one) => one.entity_id === entity);
  return found ? callForm(found) : day();
}

function unplanned(doctorId, on) {
  const doctor = queue.known.pack.doctors.find((one) => one.id === Number(doctorId));
  if (!doctor) return find(on);
  const stands = queue.calls.find((one) => one.doctor_id === doctor.id && one.day_on === on && one.status === "planned");
  return callForm(stands ?? {
    entity_id: newKey(), version: null, status: "planned", day_on: on, doctor_id: doctor.id, doctor: doctor.name,
    hospital_id: doctor.hospital_id, hospital: doctor.hospital, department: doctor.department, facts: BLANK, waiting: [],
  });
}

function callForm(call) {
  const { pack, entries } = queue.known;
  const locked = log.isLocked(pack, entries, call.day_on) || call.day_on > queue.now.day;
  const doctor = pack.doctors.find((one) => one.id === call.doctor_id);
  const made = piece("form", { day: shortDay(call.day_on), name: call.doctor, place: [call.hospital, call.department].filter(Boolean).join(" · ") });
  const form = made.querySelector("form");
  const back = `#day/${call.day_on}`;
  part(made, "close").href = back;
  part(made, "earlier").append(...(doctor?.last_calls ?? []).map((one) => Object.assign(document.createElement("li"), { textContent: earlier(one) })));
  offer(form, call, doctor);
  fill(form, call, call.status === "done" ? [] : doctor?.last_calls[0]?.purposes ?? ["increase_use"]);
  for (const rated of form.querySelectorAll("[data-rating] :checked")) {
    rated.closest("[data-rating]").querySelector("[data-rating-words]").textContent = rated.closest("label").title.replace(/^\d · /, "");
  }
  const refused = call.waiting.find((one) => one.state === "attention");
  complain(form, refused?.words);
  form.querySelector(".form-actions").hidden = locked;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = lacks(read([...new FormData(form)], call.day_on), form);
    if (fault) return complain(form, say(fault));
    if (form.dataset.saving) return;
    form.dataset.saving = "yes";
    const kept = refused ? await again(refused, call, form) : await save(queue, call, form);
    location.hash = back;
    queue.tell({ kept, text: told(kept, call) });
  });
  const remove = part(made, "delete");
  remove.hidden = call.status !== "done";
  remove.addEventListener("click", async () => {
    await queue.add("delete", log.about(call), {});
    location.hash = back;
  });
  return made;
}

// What was refused is said again in the words of the form, in its place in the queue.
async function again(refused, call, form) {
  await queue.drop(call.waiting.filter((one) => one !== refused));
  const { op } = refused;
  const facts = read([...new FormData(form)], call.day_on);
  await queue.drop([refused]);
  return queue.add(op.kind === "delete" ? "revise" : op.kind, { ...op, base: op.base }, facts);
}

function complain(form, words) {
  const line = part(form, "problem");
  line.hidden = !words;
  line.textContent = words ?? "";
}

// The form has one stand-in for a product, a doctor, a competitor and a follow-up: each is copied for what there is.
function offer(form, call, doctor) {
  const { pack } = queue.known;
  const held = pack.held[call.hospital_id] ?? [];
  const order = [...new Set([...(doctor?.last_calls ?? []).flatMap((one) => one.product_ids), ...held])].filter((key) => held.includes(key));
  const products = order.map((key) => pack.products.find((one) => one.id === key));
  copies(form.querySelector(".call-product"), products, (one) => [one.id, one.name]);
  copies(form.querySelector(".call-stock > *"), products, (one) => [one.id, one.name]);
  const colleagues = pack.doctors.filter((one) => one.hospital_id === call.hospital_id && one.id !== call.doctor_id);
  copies(chip(form, "other_doctor_ids"), colleagues, (one) => [one.id, one.name]);
  const rivals = products.flatMap((one) => Object.entries(one.competitors));
  copies(chip(form, "competitor_ids"), rivals, ([key, name]) => [key, name]);
  const due = log.promises(pack, queue.known.entries).filter((one) => one.doctor_id === call.doctor_id);
  copies(chip(form, "kept"), due, (one) => [one.id, `${shortDay(one.due_on)} ${one.text}`.trim()]);
  for (const product of products) {
    const rated = form.elements[`rating_${product.id}`];
    if (rated) rated.value = String(doctor?.ratings[product.id] ?? "");
  }
  for (const promise of due) check(form, "kept", promise.id, promise.due_on <= call.day_on && call.status !== "done");
}

const chip = (form, name) => form.querySelector(`[name=${name}]`)?.closest("label");

function copies(model, things, keyAndName) {
  const box = model.closest("fieldset, .fold");
  for (const thing of things) {
    const [key, name] = keyAndName(thing);
    const made = model.cloneNode(true);
    for (const one of [made, ...made.querySelectorAll("*")]) {
      for (const attribute of ["id", "for", "name", "aria-describedby"]) {
        const value = one.getAttribute?.(attribute);
        if (value) one.setAttribute(attribute, value.replace(/_0\b/, `_${key}`).replace(/-0$/, `-0-${key}`));
      }
    }
    for (const input of made.querySelectorAll("[value='0']")) input.value = key;
    const face = made.querySelector(".chip__face > span, .field__label") ?? made;
    face.textContent = name;
    model.before(made);
  }
  model.remove();
  if (!things.length && box) box.hidden = true;
}

// usual: the purposes of the last call on the doctor, most likely those of this one.
function fill(form, { facts, status, day_on }, usual) {
  const time = status === "done" ? facts.started_at_time : day_on === queue.now.day ? queue.now.time : null;
  form.elements.started_at_time.value = time ?? "";
  form.elements.call_type.value = facts.call_type ?? "one_to_one";
  for (const value of facts.purposes.length ? facts.purposes : usual) check(form, "purposes", value);
  if (status !== "done") return;
  form.elements.outcome.value = facts.result;
  form.elements.summary.value = facts.summary;
  for (const talk of facts.products) {
    check(form, "product_ids", talk.product_id);
    if (form.elements[`rating_${talk.product_id}`]) form.elements[`rating_${talk.product_id}`].value = String(talk.rating ?? "");
    if (form.elements[`stock_${talk.product_id}`]) form.elements[`stock_${talk.product_id}`].value = talk.stock_packs ?? "";
  }
  for (const key of facts.other_doctor_ids) check(form, "other_doctor_ids", key);
  for (const note of facts.competitors) check(form, "competitor_ids", note.competitor_id);
  form.elements.competitor_note.value = facts.competitors.find((note) => note.note)?.note ?? "";
  form.elements.next_step.value = facts.follow_up ? "date" : "";
  form.elements.follow_up_on.value = facts.follow_up?.due_on ?? "";
  form.elements.follow_up_text.value = facts.follow_up?.text ?? "";
}

function check(form, name, value, on = true) {
  const box = form.querySelector(`[name=${name}][value="${value}"]`);
  if (box) box.checked = on;
}

// --- whom, what was promised, what was not sent -----------------------------------------------------------------------

function find(on = queue.now.day) {
  const page = piece("find");
  const found = part(page, "found");
  page.querySelector("input").addEventListener("input", (event) => {
    found.replaceChildren(...log.find(queue.known.pack.doctors, event.target.value).map((doctor) => {
      const made = piece("card");
      made.querySelector(".visit__name a").textContent = doctor.name;
      made.querySelector(".visit__name a").href = part(made, "record").href = `#new/${doctor.id}/${on}`;
      made.querySelector(".visit__detail").textContent = [doctor.hospital, doctor.department].filter(Boolean).join(" · ");
      setLine(made, ".visit__line");
      heed(made, null);
      made.querySelector(".visit__lead").remove();
      part(made, "cloud").remove();
      return made;
    }));
  });
  return page;
}

function promises() {
  const page = piece("promises");
  const open = log.promises(queue.known.pack, queue.known.entries);
  part(page, "none").hidden = open.length > 0;
  part(page, "list").append(...open.map((promise) => {
    const made = piece("promise");
    made.querySelector(".visit__name").textContent = promise.doctor;
    made.querySelector(".visit__detail").textContent = shortDay(promise.due_on);
    setLine(made, ".visit__line", promise.text);
    part(made, "keep").addEventListener("click", () => queue.add("keep", { entity_id: `follow-up-${promise.id}`, label: promise.doctor }, {}));
    return made;
  }));
  return page;
}

function queuePage() {
  const page = piece("queue", { state: queue.link.textContent });
  const { entries } = queue.known;
  part(page, "send").addEventListener("click", () => queue.send({ wantsPack: true }));
  part(page, "export").hidden = !entries.length;
  part(page, "export").addEventListener("click", () => exportDrafts(entries));
  const cold = Boolean(navigator.serviceWorker?.controller);
  part(page, "cold").hidden = !cold;
  part(page, "warm").hidden = cold;
  part(page, "list").append(...entries.map(entryCard));
  return page;
}

function entryCard(one) {
  const { op } = one;
  const made = piece("entry");
  const refused = one.state === "attention";
  heed(made, refused ? one : null);
  made.querySelector(".visit__name").textContent = op.label || op.entity_id.replace("sheet-", "");
  made.querySelector(".visit__detail").textContent = `${word("kind", op.kind)} · ${instant(one.made_ms)}`;
  setLine(made, ".visit__line", op.fields.summary);
  const open = part(made, "open");
  open.href = `#call/${op.entity_id}`;
  open.hidden = !op.day_on;
  const unplannedButton = part(made, "unplanned");
  unplannedButton.hidden = !(refused && op.kind === "log" && op.entity_id.startsWith("call-"));
  unplannedButton.addEventListener("click", async () => {
    await queue.drop([one]);
    await queue.add("log", { ...op, entity_id: newKey(), base: {} }, op.fields);
  });
  const drop = part(made, "drop");
  drop.hidden = !refused;
  drop.addEventListener("click", () => queue.drop(entries_of(op.entity_id)));
  return made;
}

const entries_of = (entity) => queue.known.entries.filter((one) => one.op.entity_id === entity);

function exportDrafts(entries) {
  const file = new Blob([JSON.stringify(entries.map((one) => one.op), null, 1)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `repcrm-${queue.now.day}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

let shown = "";
function renderAnew() {
  if (document.querySelector("[data-sheet] form, [data-sheet] input") && shown === location.href) return; // somebody is typing
  shown = location.href;
  render();
}
addEventListener("hashchange", renderAnew);
document.addEventListener("repcrm:known", renderAnew);
renderAnew();
document.documentElement.dataset.sheet = "";
