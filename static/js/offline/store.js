// What is kept on this device: one database a person, every record encrypted under a key that cannot leave the browser.
const IDLE_MS = 14 * 24 * 3600 * 1000;
const OWNERS = "repcrm-owners"; // owner -> when last seen; and who it was last: nothing else lies outside the database
const LAST = "repcrm-owner";

// Whether drafts can be kept at all: not over plain http, not where the browser keeps nothing.
export const isUsable = () => Boolean(globalThis.indexedDB && globalThis.crypto?.subtle);

export const lastOwner = () => localStorage.getItem(LAST);

const nameOf = (owner) => `repcrm-${owner}`;
const owners = () => JSON.parse(localStorage.getItem(OWNERS) ?? "{}");

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export async function open(owner, ms = Date.now()) {
  await tidy(ms);
  localStorage.setItem(OWNERS, JSON.stringify({ ...owners(), [owner]: ms }));
  localStorage.setItem(LAST, owner);
  const request = indexedDB.open(nameOf(owner), 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("keys");
    request.result.createObjectStore("kept");
    request.result.createObjectStore("entries", { autoIncrement: true }); // in the order they were made, whatever the clock says
  };
  const db = await done(request);
  db.onversionchange = () => db.close();
  return new Store(owner, db, await keyOf(db));
}

async function keyOf(db) {
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const transaction = db.transaction("keys", "readwrite");
  const keys = transaction.objectStore("keys");
  const known = await done(keys.get("key")); // within one transaction: two tabs cannot make two keys
  if (!known) keys.put(fresh, "key");
  await committed(transaction);
  return known ?? fresh;
}

class Store {
  constructor(owner, db, key) {
    this.owner = owner;
    this.db = db;
    this.key = key;
  }

  async load() {
    const [seqs, boxes, kept] = await this.#read();
    const entries = await Promise.all(boxes.map(async (box, at) => ({ ...(await this.#unseal(box)), seq: seqs[at] })));
    return { entries, ...(kept ? await this.#unseal(kept) : { pack: null }) };
  }

  async #read() {
    const transaction = this.db.transaction(["entries", "kept"]);
    const entries = transaction.objectStore("entries");
    return Promise.all([done(entries.getAllKeys()), done(entries.getAll()), done(transaction.objectStore("kept").get("pack"))]);
  }

  // Pack, skew of the clock and whatever else is known: kept as one.
  keep(known) {
    return this.#write("kept", known, (kept, box) => kept.put(box, "pack"));
  }

  add({ seq, ...entry }) {
    return this.#write("entries", entry, (entries, box) => (seq ? entries.put(box, seq) : entries.add(box)));
  }

  async forget(entries) {
    const transaction = this.db.transaction("entries", "readwrite", { durability: "strict" });
    for (const { seq } of entries) transaction.objectStore("entries").delete(seq);
    await committed(transaction);
  }

  async #write(name, value, put) {
    const box = await this.#seal(value);
    const transaction = this.db.transaction(name, "readwrite", { durability: "strict" });
    const request = put(transaction.objectStore(name), box);
    await committed(transaction); // on the disk, not on its way there
    return request.result;
  }

  async #seal(value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, bytes) };
  }

  async #unseal({ iv, bytes }) {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, bytes)));
  }
}

// Take everything of a person off this device.
export async function wipe(owner) {
  const { [owner]: _, ...others } = owners();
  localStorage.setItem(OWNERS, JSON.stringify(others));
  if (lastOwner() === owner) localStorage.removeItem(LAST);
  await done(indexedDB.deleteDatabase(nameOf(owner)));
}

// Wipe whatever lay idle for a fortnight.
async function tidy(ms) {
  for (const [owner, seen] of Object.entries(owners())) if (ms - seen > IDLE_MS) await wipe(owner);
}
