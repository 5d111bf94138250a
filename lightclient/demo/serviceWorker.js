// Keeps the files of the page, so that it opens without a network. What the network has is newer and goes first;
// answers of nodes are never kept: what was verified is in the light client's own store.
const CACHE = 'depind-light';

const FILES = ['./', 'main.js', 'codes.js', 'style.css', 'icon.svg'];

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(keepPage());
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOfPage = request.url.startsWith(self.registration.scope);
  if (request.method === 'GET' && isOfPage) event.respondWith(networkFirst(request));
});

async function keepPage() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  // Not there before the first block: the page opens with the network then.
  await cache.add('config.json').catch(() => undefined);
}

async function networkFirst(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept !== undefined) return kept;
    throw error;
  }
}
