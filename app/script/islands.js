// Brings the islands of a page to life. Only pages that have some load this file, and with it the browser client.

import init, * as client from "./digger.js";

await init();
client.hydrate();
for (const island of document.querySelectorAll("leptos-island")) client[island.dataset.component](island);
