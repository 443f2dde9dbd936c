// Opens the call sheet where there is no network. Keeps files and a page without a person in it, never anybody's page.
const FILES = {{ files|tojson }};
const PAGE = {{ page|tojson }};
const CACHE = `repcrm ${FILES[0]}`;
const PATIENCE_MS = 8000;

const keep = async () => (await caches.open(CACHE)).addAll([...FILES, new Request(PAGE, { cache: "reload" })]);

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

// The reader has changed the language: the page speaks it, too.
addEventListener("message", (event) => { if (event.data === "renew") event.waitUntil(keep()); });

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(opened(request));
  else if (pathname.startsWith("/assets/")) event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
});

// The page from the network, or else the one that is kept: without a network, with a dead one, with a server that is down.
async function opened(request) {
  const kept = await caches.match(PAGE);
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS, kept); });
  const answer = fetch(request).then((page) => (page.status > 501 ? kept : page), () => kept);
  return Promise.race([answer, late]);
}
