// Our own script: small comforts on pages that work without it.  Each comfort is switched on by an
// attribute in the page; texts stand in the page too, in its language.
import htmx from "htmx.org";
import { warnWhenIdle } from "./idle.js";

const page = document.documentElement;
page.classList.add("js");
window.htmx = htmx;

// ── large type ──────────────────────────────────────────────────────────────────────────────────
// <button type="button" data-large-type hidden>大字</button>, shown only where it can work.
const LARGE = "k-large";

function remembered() {
  try {
    return localStorage.getItem(LARGE) === "1";
  } catch {
    return false; // storage is forbidden on some machines; the type is then simply normal
  }
}

function setLarge(on) {
  page.classList.toggle(LARGE, on);
  try {
    localStorage.setItem(LARGE, on ? "1" : "0");
  } catch {
    // not remembered: the switch still works on this page
  }
  for (const button of document.querySelectorAll("[data-large-type]")) {
    button.setAttribute("aria-pressed", String(on));
  }
}

page.classList.toggle(LARGE, remembered());

function showLargeSwitches() {
  for (const button of document.querySelectorAll("[data-large-type]")) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(remembered()));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-large-type]");
  if (button) setLarge(!page.classList.contains(LARGE));
});

// ── a form sent once ────────────────────────────────────────────────────────────────────────────
// <button data-busy="正在提交…">: no second receipt for an impatient second click.  Forms that answer
// with a file carry no data-busy, since their page stays.
const busy = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return; // refused, or sent by htmx
  delete form.dataset.dirty;
  const button = event.submitter || form.querySelector("[data-busy]");
  if (!button || !button.dataset.busy) return;
  if (busy.has(button)) {
    event.preventDefault();
    return;
  }
  busy.set(button, button.textContent);
  // Later: a disabled button would not send its own name and value.
  setTimeout(() => {
    button.disabled = true;
    button.textContent = button.dataset.busy;
  }, 0);
});

// Back from the next page: the browser shows this page as it was left, buttons and all.
window.addEventListener("pageshow", () => {
  for (const [button, text] of busy) {
    button.disabled = false;
    button.textContent = text;
  }
  busy.clear();
});

// ── a form not yet sent ─────────────────────────────────────────────────────────────────────────
// <form data-guard>: the browser asks before the page is left.  A form that comes back refused is
// unsaved from the start: <form data-guard data-dirty>.
function changed(event) {
  const form = event.target.form || event.target.closest("form");
  if (form && form.matches("[data-guard]")) form.dataset.dirty = "";
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);

window.addEventListener("beforeunload", (event) => {
  if (!document.querySelector("form[data-guard][data-dirty]")) return;
  event.preventDefault();
  event.returnValue = ""; // older browsers ask only then
});

// ── selects that send their form ────────────────────────────────────────────────────────────────
// With the arrow keys one passes through choices one does not mean: then Enter or leaving sends.
const KEYS = new Set(["ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
let walked = null;

function send(select) {
  walked = null;
  if (select.form.requestSubmit) select.form.requestSubmit();
  else select.form.submit();
}

document.addEventListener("keydown", (event) => {
  const select = event.target.closest("select[data-autosubmit]");
  if (!select) return;
  if (KEYS.has(event.key) || event.key.length === 1) walked = { select, changed: false };
  else if (event.key === "Enter" && walked && walked.changed) send(select);
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("select[data-autosubmit]")) return;
  if (walked && walked.select === event.target) walked.changed = true;
  else send(event.target);
});

document.addEventListener("mousedown", () => {
  walked = null;
});

document.addEventListener("focusout", (event) => {
  if (walked && walked.changed && walked.select === event.target) send(event.target);
});

// ── files ───────────────────────────────────────────────────────────────────────────────────────
// The names and sizes of the chosen files, in <span class="names" aria-live="polite"> of the .drop.
function sized(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches('.drop input[type="file"]')) return;
  const names = event.target.closest(".drop").querySelector(".names");
  if (!names) return;
  const files = Array.from(event.target.files);
  names.textContent = files.map((file) => `${file.name} · ${sized(file.size)}`).join("；");
});

// ── keyboard and menus ──────────────────────────────────────────────────────────────────────────
// "/" goes to the search box.  Who uses speech input can turn it off: <body data-keys="off">.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeMenus(null);
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.keys === "off") return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector(".k-search input");
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// <details data-menu> closes by a click elsewhere or by Escape, which gives the focus back.
function closeMenus(clicked) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (clicked && menu.contains(clicked)) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside && !clicked) menu.querySelector("summary").focus();
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));

// <button type="button" data-print hidden>: shown only where it can work.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A box that scrolls sideways must be reachable by the keyboard; one that does not must not be in
// its way.
function showScrolling() {
  for (const box of document.querySelectorAll(".scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

window.addEventListener("resize", showScrolling);
document.addEventListener("htmx:afterSettle", showScrolling);

// On a phone the menu is a bar that scrolls: it starts at the place one is in.
function showPlace() {
  const here = document.querySelector(".k-nav [aria-current]");
  if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 24;
}

// ── htmx ────────────────────────────────────────────────────────────────────────────────────────
// <meta name="csrf-token" content="…">, or the field of any form on the page.
function token() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  if (meta) return meta.content;
  const field = document.querySelector('input[name="csrfmiddlewaretoken"]');
  return field ? field.value : "";
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// A request that failed must not look like a button that does nothing.
// <body data-failed-text="没有送到。请检查网络后再试。">
function failed() {
  const text = document.body.dataset.failedText;
  const main = document.querySelector("main") || document.body;
  if (!text || main.querySelector("[data-failed]")) return;
  const line = document.createElement("p");
  line.className = "k-msg error";
  line.dataset.failed = "";
  line.setAttribute("role", "alert");
  line.textContent = text;
  main.prepend(line);
}

document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:afterRequest", (event) => {
  const line = document.querySelector("[data-failed]");
  if (event.detail.successful && line) line.remove();
});

// ── start ───────────────────────────────────────────────────────────────────────────────────────
function start() {
  showLargeSwitches();
  showScrolling();
  showPlace();
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  warnWhenIdle(document.body);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
