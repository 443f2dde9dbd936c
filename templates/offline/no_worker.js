// The offline call sheet is switched off: the worker takes away what it kept, then itself. Drafts stay where they are.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("repcrm ")) await caches.delete(name);
  await registration.unregister();
})()));
