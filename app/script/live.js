// Keeps what changes on a page up to date: asks for the page again every few seconds and changes what changed.
// Pages work without this file. It is sent as it stands here, so it keeps to what every browser of today knows.
//
//   [data-live]       what changes; its value is the pause between two looks in milliseconds. It has an id. A new page
//                     on which it has no such value changes no more
//   [data-live-posts] forms inside it are sent from here, and their answer is shown in place
//   #live-said        the live region: what a button has done, or that the server cannot be reached
//   #live-switch      stops and starts the updates; hidden until this script runs
//   [data-confirm]    asks before a form inside it is sent

const place = document.querySelector("[data-live]");
const said = document.getElementById("live-said");
const control = document.getElementById("live-switch");
let isOn = true;
let isOver = false;
let timer;
let turn = 0;

// The page as it stands in the address bar.
function address() {
  return location.pathname + location.search;
}

// Makes `old` like `fresh` by the least change, so that focus, scroll and selection stay where they are.
function patch(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName || old.id !== fresh.id) return old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  patchChildren(old, fresh);
}

function patchChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const ids = new Set(wanted.map((node) => node.id).filter(Boolean));
  const known = new Map();
  // Rows that are gone go first, so that those that stay need not move.
  for (const node of [...old.childNodes]) {
    if (ids.has(node.id)) known.set(node.id, node);
    else if (node.id) node.remove();
  }
  let at = old.firstChild;
  for (const node of wanted) {
    const same = node.id ? known.get(node.id) : at && !at.id && at.nodeName === node.nodeName ? at : undefined;
    if (same === undefined) old.insertBefore(node, at);
    else {
      if (same === at) at = at.nextSibling;
      else old.insertBefore(same, at);
      patch(same, node);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function show(fresh) {
  const focused = document.activeElement;
  const part = focused?.closest("[data-live] > [id]");
  // The place itself stays as it is: a search may have hidden it.
  patchChildren(place, fresh);
  place.dataset.live = fresh.dataset.live ?? "";
  // What had the focus has ended, or moved: nobody is thrown to the top of the page.
  if (part && document.activeElement !== focused) {
    (focused.isConnected ? focused : part.querySelector("[tabindex]"))?.focus({ preventScroll: true });
  }
}

function say(text) {
  if (said && said.textContent.trim() !== text) said.textContent = text;
}

// Asks for a page, or posts to it, and shows what came back; an older answer never replaces a newer one.
async function ask(url, post) {
  const mine = ++turn;
  try {
    const answer = await fetch(url, { method: post ? "POST" : "GET", body: post, cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== turn) return;
    const fresh = page.getElementById(place.id);
    if (!fresh) {
      // The sign-in page after the session ran out, or an error in words.
      isOver = new URL(answer.url).pathname !== location.pathname;
      say(isOver ? said?.dataset.ended : page.querySelector("#error-what")?.textContent ?? said?.dataset.lost);
      return;
    }
    const words = page.getElementById("live-said")?.textContent.trim() ?? "";
    if (post || said?.textContent.trim() === said?.dataset.lost) say(words);
    show(fresh);
  } catch {
    if (mine === turn) say(said?.dataset.lost);
  }
}

function plan() {
  clearTimeout(timer);
  const pause = Number(place.dataset.live);
  if (isOn && !isOver && pause && !document.hidden) timer = setTimeout(look, pause);
}

async function look() {
  await ask(address());
  plan();
}

control?.addEventListener("click", () => {
  isOn = !isOn;
  control.textContent = isOn ? control.dataset.stop : control.dataset.start;
  if (isOn) look();
  else clearTimeout(timer);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) clearTimeout(timer);
  else if (isOn && !isOver && place.dataset.live) look();
});

place.addEventListener("submit", async (event) => {
  if (!("livePosts" in place.dataset)) return;
  event.preventDefault();
  const form = event.target;
  const question = form.closest("[data-confirm]")?.dataset.confirm;
  if (question && !confirm(question)) return;
  clearTimeout(timer);
  // Not `form.action`: that is the field of this name.
  await ask(form.getAttribute("action"), new URLSearchParams(new FormData(form)));
  plan();
});

// What was done is said once; a reload does not say it again.
if (said && location.search) history.replaceState(null, "", location.pathname);
if (control) control.hidden = false;
plan();
