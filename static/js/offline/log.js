// The operation log of a device: what was done here, in which order it is sent, and what the server's answers make of it.
// Pure: no page, no database, no network, no clock. Entries are {op, state, tries, ...}, in the order they were made.
import { BLANK } from "./facts.js";

export const MOST = 50; // operations in one batch
export const STALE_MS = 24 * 3600 * 1000; // unsent for so long: say so, loudly
const LONGEST_WAIT_MS = 5 * 60 * 1000;

// A key that sorts by time, different on every device. random: 10 bytes.
export function uuid7(ms, random) {
  const hex = (n, length) => n.toString(16).padStart(length, "0");
  const tail = [...random].map((byte) => hex(byte, 2)).join("");
  const variant = hex((parseInt(tail.slice(4, 6), 16) & 0x3f) | 0x80, 2);
  const time = hex(ms, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(6, 8)}-${tail.slice(8, 20)}`;
}

// One thing done here. about: {entity_id, day_on, doctor_id, label, base, base_version}, of a call as `view` shows it.
export function entry(kind, about, fields, ms, random) {
  const { entity_id, day_on = null, doctor_id = null, label = "", base = {}, base_version = null } = about;
  const op = {
    op_id: uuid7(ms, random), entity_id, kind, device_time: new Date(ms).toISOString(), base_version, day_on, doctor_id,
    label, fields, base,
  };
  return { op, state: "waiting", tries: 0, made_ms: ms };
}

// What an operation on a call is about. The version is that of the last answer; while one is under way nobody knows it yet.
export function about(call) {
  const { entity_id, day_on, doctor_id, doctor, facts, version, waiting } = call;
  return { entity_id, day_on, doctor_id, label: doctor, base: facts, base_version: waiting.length ? null : version };
}

// The calls as they look with everything laid over them that was done here: server's call + {waiting: entries}.
export function view(pack, entries) {
  const calls = new Map(pack.calls.map((call) => [call.entity_id, { ...call, waiting: [] }]));
  for (const one of entries) {
    const { op } = one;
    const was = calls.get(op.entity_id) ?? (op.kind === "log" || op.kind === "revise" ? bornHere(pack, op) : null);
    if (!was) continue;
    calls.set(op.entity_id, { ...was, ...after[op.kind](was, op), waiting: [...was.waiting, one] });
  }
  return [...calls.values()].filter((call) => call.status !== "gone");
}

const after = {
  log: (call, op) => ({ status: "done", facts: { ...BLANK, ...op.fields } }),
  revise: (call, op) => ({ status: "done", facts: { ...BLANK, ...call.facts, ...op.base, ...op.fields } }),
  delete: (call) =>
    (call.is_planned ? { status: "planned", facts: { ...BLANK, purposes: call.facts.purposes } } : { status: "gone" }),
};

function bornHere(pack, op) {
  const doctor = pack.doctors.find((one) => one.id === op.doctor_id);
  return {
    entity_id: op.entity_id, call_id: null, version: null, day_on: op.day_on, status: "done", is_planned: false,
    doctor_id: op.doctor_id, doctor: op.label, hospital_id: doctor?.hospital_id ?? null, hospital: doctor?.hospital ?? "",
    department: doctor?.department ?? null, facts: BLANK, waiting: [],
  };
}

// Follow-ups that are still open, as seen from here.
export function promises(pack, entries) {
  const kept = new Set(entries.filter((one) => one.op.kind === "keep").map((one) => one.op.entity_id));
  return pack.promises.filter((one) => !kept.has(`follow-up-${one.id}`));
}

// Whether a day's sheet can no longer be written on, as seen from here.
export function isLocked(pack, entries, day) {
  const status = pack.days.find((one) => one.day_on === day)?.status;
  const wished = entries.some((one) => one.op.entity_id === `sheet-${day}` && one.state === "waiting");
  return wished || status === "submitted" || status === "reviewed";
}

// What may be sent now: one operation a call at a time, so that each is sent knowing the answer to the one before; a sheet
// after everything of its day. What needs attention holds up what came after it on the same call, and nothing else.
export function next(entries, most = MOST) {
  const held = new Set();
  const batch = [];
  for (const one of entries) {
    const { entity_id, kind } = one.op;
    const day = kind === "submit" ? entity_id.slice("sheet-".length) : one.op.day_on;
    const free = !held.has(entity_id) && !(kind === "submit" && held.has(day));
    if (one.state === "waiting" && free && batch.length < most) batch.push(one);
    held.add(entity_id);
    if (day) held.add(day);
  }
  return batch;
}

// What answers make of pack and entries: {pack, entries, gone: entries to forget, changed: entries to keep anew}.
// An answer to something that is not waiting any more (it came twice, or late) changes nothing.
export function absorb(pack, entries, answers) {
  let calls = pack.calls;
  let { days, conflicts } = pack;
  const gone = [];
  const changed = new Map();
  for (const answer of answers) {
    const one = entries.find((entry) => entry.op.op_id === answer.op_id && entry.state === "waiting" && !gone.includes(entry));
    if (!one) continue;
    if (answer.outcome === "refused") {
      changed.set(one, { ...one, state: "attention", code: answer.code, words: answer.words, field: answer.field });
    } else if (answer.outcome) {
      gone.push(one);
      calls = adopt(calls, one.op, answer);
      if (answer.outcome === "conflict") conflicts += 1;
      if (answer.sheet) days = days.map((day) => (day.day_on === answer.sheet.day_on ? { ...day, ...answer.sheet } : day));
      const later = entries.find((entry) => entry !== one && !gone.includes(entry) && entry.op.entity_id === one.op.entity_id);
      if (later && later.op.base_version === null) {
        changed.set(later, { ...later, op: { ...later.op, base_version: answer.call?.version ?? 0 } });
      }
    }
  }
  const left = entries.filter((entry) => !gone.includes(entry)).map((entry) => changed.get(entry) ?? entry);
  return { pack: { ...pack, calls, days, conflicts }, entries: left, gone, changed: [...changed.values()] };
}

function adopt(calls, op, { call, outcome }) {
  const known = calls.find((one) => one.entity_id === op.entity_id);
  if (!call) return op.kind === "delete" && outcome === "applied" ? calls.filter((one) => one !== known) : calls;
  if (known && known.call_id === call.call_id && known.version > call.version) return calls; // an old answer, told again
  return known ? calls.map((one) => (one === known ? call : one)) : [...calls, call];
}

// Sent, but nobody knows whether it arrived: it will be sent again, unchanged.
export const tried = (one) => ({ ...one, tries: one.tries + 1 });

// The same wish in other words, in place of one that was refused.
export const instead = (one, fresh) => ({ ...fresh, seq: one.seq });

// What the whole log has to say for itself.
export function summary(entries, ms) {
  const oldest = Math.min(...entries.map((one) => one.made_ms));
  const age = entries.length ? Math.max(0, ms - oldest) : 0;
  return {
    unsent: entries.length,
    attention: entries.filter((one) => one.state === "attention").length,
    age_ms: age,
    stale: age >= STALE_MS,
  };
}

// How long to wait after so many failures in a row; chance (0 to 1) keeps devices from coming all at once.
// asked_ms: what the server asked for; no device comes earlier.
export const delay = (failures, chance, asked_ms = 0) =>
  Math.max(asked_ms * (1 + chance / 2), Math.min(LONGEST_WAIT_MS, 2000 * 2 ** failures) * (0.5 + chance / 2));

// The milliseconds of a Retry-After header; 0 without one, or where it names a date.
export const asked = (seconds) => Math.min(LONGEST_WAIT_MS, Number(seconds) * 1000 || 0);

// What a status of the server means for the batch as a whole.
export function verdict(status) {
  const known = { 200: "answered", 400: "token", 401: "sign-in", 403: "role", 409: "other", 413: "batch", 422: "batch" };
  return known[status] ?? "again";
}

// The day and time on the office wall. skew: what the server's clock was ahead of this one when the pack came.
export function wall(timeZone, skew, ms) {
  const text = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(ms + skew);
  return { day: text.slice(0, 10), time: text.slice(11, 16) };
}

// Doctors whose name, initials or pinyin have what was typed, those that begin with it first.
export function find(doctors, typed, most = 12) {
  const wanted = typed.trim().toLowerCase().replaceAll(" ", "");
  const rank = (one) => {
    const places = [one.name, ...one.letters.toLowerCase().split(" ")].map((text) => text.indexOf(wanted)).filter((at) => at >= 0);
    return places.length ? Math.min(...places) : -1;
  };
  if (!wanted) return [];
  return doctors.map((one) => [rank(one), one]).filter(([at]) => at >= 0)
    .sort(([a], [b]) => a - b).slice(0, most).map(([, one]) => one);
}
