// Sends what was done here and takes the answers in: at most one tab at a time, in order, again and again until it is answered.
import * as log from "./log.js";

const TIMEOUT_MS = 20_000;
const LEASE = "repcrm-lease";
const LEASE_MS = 30_000;
const FRESH_MS = 10 * 60 * 1000; // a pack younger than this is not asked for again without a reason

// Sends all that may be sent; returns what is known afterwards: {pack, entries, problem, ...}.
// problem: null, "again" (no network, no answer, a busy server), "sign-in", "role", "other". wait_ms: how long a busy server asked to wait.
export async function flush(store, { wantsPack = false } = {}) {
  return alone(store, async () => {
    let known = await store.load();
    let problem = null;
    let taken = 0;
    let wait_ms = 0;
    try {
      for (let batch = log.next(known.entries); batch.length && !problem; batch = log.next(known.entries)) {
        const before = known.entries.length;
        [known, problem] = await send(store, known, batch);
        taken += before - known.entries.length;
      }
      if (!problem && (wantsPack || isOld(known))) known = await renew(store, known);
    } catch (error) {
      problem = error.verdict ?? "again";
      wait_ms = error.wait_ms ?? 0;
    }
    return { ...(await store.load()), problem, taken, wait_ms };
  });
}

async function send(store, known, batch) {
  const { token } = await ask("/api/v1/token");
  const operations = batch.map((one) => one.op);
  for (const one of batch) await store.add(log.tried(one));
  const body = JSON.stringify({ user_id: Number(store.owner), device_id: await deviceOf(store, known), operations });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  let answers;
  try {
    ({ answers } = await ask("/api/v1/operations", { method: "POST", headers, body }));
  } catch (error) {
    if (error.verdict !== "batch") throw error;
    answers = operations.map(({ op_id }) => ({ op_id, outcome: "refused", code: "batch", words: error.words }));
  }
  const now = await store.load(); // another tab may have added something meanwhile
  const { pack, entries, gone, changed } = log.absorb(now.pack, now.entries, answers);
  const { entries: _, ...rest } = now;
  await store.keep({ ...rest, pack });
  for (const one of changed) await store.add(one);
  await store.forget(gone);
  const accident = answers.some((answer) => answer.outcome === null);
  return [{ ...now, pack, entries }, accident ? "again" : null];
}

async function renew(store, known) {
  const pack = await ask("/api/v1/day-pack");
  if (String(pack.user_id) !== store.owner) throw Object.assign(new Error("other"), { verdict: "other" });
  const { entries, ...rest } = await store.load();
  const fresh = { ...rest, pack, skew: Date.parse(pack.made_at) - Date.now(), asked_ms: Date.now() };
  await store.keep(fresh);
  return { ...fresh, entries };
}

const isOld = ({ pack, asked_ms }) => !pack || Math.abs(Date.now() - asked_ms) > FRESH_MS;

async function deviceOf(store, known) {
  if (known.device_id) return known.device_id;
  const { entries: _, ...rest } = await store.load();
  const device_id = log.uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  await store.keep({ ...rest, device_id });
  return device_id;
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS), cache: "no-store" });
  if (answer.ok) return answer.json();
  const { words = "" } = await answer.json().catch(() => ({}));
  const wait_ms = log.asked(answer.headers.get("Retry-After"));
  throw Object.assign(new Error(`status ${answer.status}`), { verdict: log.verdict(answer.status), words, wait_ms });
}

// Runs it in one tab only: by the browser's locks, or a lease where there are none.
async function alone(store, run) {
  if (navigator.locks) return navigator.locks.request(`repcrm-${store.owner}`, run);
  const until = Number(localStorage.getItem(LEASE) ?? 0);
  if (until > Date.now()) return { ...(await store.load()), problem: "again", taken: 0, wait_ms: 0 };
  localStorage.setItem(LEASE, Date.now() + LEASE_MS);
  try { return await run(); } finally { localStorage.removeItem(LEASE); }
}
