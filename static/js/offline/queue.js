// On every page of a rep: says how much of what was done on this phone has been sent, and sends it.
import { show as toast } from "../toast.js";
import { prepare } from "./draft.js";
import { flush } from "./flush.js";
import * as log from "./log.js";
import { isUsable, lastOwner, open, wipe } from "./store.js";
import { say } from "./words.js";

const NEWS = "repcrm-news"; // what the next page is to say
const LANGUAGE = "repcrm-language"; // that of the page the worker keeps
const SOON_MS = 2500;

let begin;
export const started = new Promise((resolve) => { begin = resolve; });

export async function enhance(link) {
  const owner = link.dataset.queue || lastOwner();
  try {
    if (!isUsable()) throw new Error("drafts cannot be kept here");
    if (!owner) return begin(null);
    const queue = new Queue(link, await open(owner));
    await queue.look();
    keepShell(link);
    begin(queue);
    prepare(queue);
    queue.tellNews();
    for (const event of ["online", "pageshow"]) addEventListener(event, () => queue.send());
    document.addEventListener("visibilitychange", () => document.hidden || queue.send());
    await queue.send({ isFirst: true });
  } catch (error) {
    console.warn("repcrm: no drafts", error);
    link.hidden = false;
    link.textContent = say("unusable");
    begin(null);
  }
}

class Queue {
  constructor(link, store) {
    this.link = link;
    this.store = store;
    this.known = { pack: null, entries: [], problem: null };
    this.failures = 0;
    this.sending = Promise.resolve();
    new BroadcastChannel(`repcrm-${store.owner}`).onmessage = () => this.look();
    this.others = new BroadcastChannel(`repcrm-${store.owner}`);
  }

  get now() { return log.wall(this.known.pack.time_zone, this.known.skew, Date.now()); }

  get calls() { return this.known.pack ? log.view(this.known.pack, this.known.entries) : []; }

  async look() {
    this.#learn({ ...this.known, ...(await this.store.load()) });
  }

  // Sends what waits; one attempt at a time in this tab, and one more afterwards if something was added meanwhile.
  send(options = {}) {
    this.sending = this.sending.then(() => this.#send(options)).catch((error) => console.warn("repcrm: not sent", error));
    return this.sending;
  }

  async #send({ isFirst = false, wantsPack = false }) {
    clearTimeout(this.timer);
    const known = await flush(this.store, { wantsPack: wantsPack || (isFirst && this.isOld()) });
    this.#learn(known);
    if (known.taken) this.others.postMessage("sent");
    if (known.problem === "role") return this.leave();
    this.failures = known.problem === "again" ? this.failures + 1 : 0;
    if (this.failures) this.timer = setTimeout(() => this.send(), log.delay(this.failures, Math.random(), known.wait_ms));
    if (isFirst && known.taken && document.querySelector("[data-today]")) this.reload();
  }

  isOld() { return !(Math.abs(Date.now() - this.known.asked_ms) < 20_000); }

  // Writes down what was done: on the disk first, then sent; waits a little for the answer, since there mostly is one.
  async add(kind, about, fields, instead = []) {
    const fresh = log.entry(kind, about, fields, Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    await this.store.add(fresh, instead);
    navigator.storage?.persist?.();
    await this.look();
    this.others.postMessage("added");
    await Promise.race([this.send(), new Promise((resolve) => { setTimeout(resolve, SOON_MS); })]);
    return this.known.entries.find((one) => one.op.op_id === fresh.op.op_id) ?? { ...fresh, state: "sent" };
  }

  // Takes back what was done a moment ago: out of the queue, or by the opposite where it may have arrived.
  async undo(kept) {
    const waiting = this.known.entries.find((one) => one.op.op_id === kept.op.op_id);
    if (waiting && !waiting.tries) return this.drop([waiting]);
    const call = this.calls.find((one) => one.entity_id === kept.op.entity_id);
    if (call) await this.add("delete", log.about(call), {});
  }

  async drop(entries) {
    await this.store.forget(entries);
    this.others.postMessage("dropped");
    await this.look();
  }

  // Role changed, or signed out: nothing of it stays here.
  async leave() {
    const count = this.known.entries.length;
    this.store.db.close();
    await wipe(this.store.owner);
    this.#learn({ pack: null, entries: [], problem: null });
    if (count) toast(say("role", { count }), { kind: "warning" });
  }

  #learn(known) {
    this.known = known;
    const { unsent, attention, age_ms, stale } = log.summary(known.entries, Date.now());
    const age = age_ms >= 3_600_000 ? ` · ${say("since", { hours: Math.floor(age_ms / 3_600_000) })}` : "";
    this.link.hidden = !known.pack && !unsent; // nothing can be promised yet
    this.link.className = `sync${attention ? " sync--attention" : unsent ? " sync--waiting" : ""}`;
    this.link.textContent = attention
      ? say("attention", { count: attention })
      : unsent ? say("waiting", { count: unsent }) + age : say("synced");
    this.#warn([stale && say("stale"), unsent && known.problem === "sign-in" && say("signin"), unsent && known.problem === "other" && say("other")]);
    document.dispatchEvent(new CustomEvent("repcrm:known"));
  }

  #warn(lines) {
    this.banner?.remove();
    const said = lines.filter(Boolean);
    if (!said.length) return;
    this.banner = document.createElement("section");
    this.banner.className = "banner banner--warning";
    for (const words of said) {
      const line = document.createElement("a");
      line.href = words === say("signin") ? `/sign-in?next=${encodeURIComponent(location.pathname)}` : this.link.href;
      line.textContent = words;
      this.banner.append(line);
    }
    document.getElementById("main").prepend(this.banner);
  }

  // Goes to another page, which then says what has happened.
  tellNext(kept, text, address) {
    sessionStorage.setItem(NEWS, JSON.stringify({ kept, text }));
    location.assign(address);
  }

  tellNews() {
    this.news = sessionStorage.getItem(NEWS);
    sessionStorage.removeItem(NEWS);
    if (this.news) this.tell(JSON.parse(this.news));
  }

  // Shows what has been sent meanwhile; what was being said is said again, with its way back.
  reload() {
    if (this.news) sessionStorage.setItem(NEWS, this.news);
    location.reload();
  }

  tell({ kept, text }) {
    const undo = async () => {
      this.news = null;
      await this.undo(kept);
      if (document.querySelector("[data-today]")) location.reload();
    };
    toast(text, { undo: kept.op.kind === "log" ? undo : null, undoText: say("undo") });
  }
}

// The worker keeps the page that opens without a network, in the language of this one.
async function keepShell({ dataset: { worker } }) {
  if (!worker || !navigator.serviceWorker) return;
  await navigator.serviceWorker.register(worker, { scope: "/" });
  const { lang } = document.documentElement;
  if (localStorage.getItem(LANGUAGE) === lang) return;
  const { active } = await navigator.serviceWorker.ready;
  if (localStorage.getItem(LANGUAGE)) active.postMessage("renew");
  localStorage.setItem(LANGUAGE, lang);
}
