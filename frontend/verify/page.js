// The page that verifies a receipt.  On a server it stands in a page of the platform; as a file of
// its own it also has a head and a switch of languages.
import "./old.js";
import { textOf } from "./bytes.js";
import { fill, h } from "./dom.js";
import { examine } from "./examine.js";
import { FIELDS, fingerprints, form } from "./form.js";
import { results } from "./results.js";
import { speaker } from "./telling.js";

const FILE_LIMIT = 1024 * 1024; // bytes
const root = document.getElementById("verify");
const alone = root.hasAttribute("data-alone");
const source = document.getElementById("verify-data");
const data = source ? JSON.parse(source.textContent) : {};

const empty = () => ({
  ...Object.fromEntries(FIELDS.map((name) => [name, ""])),
  keys: (data.keys || []).join("\n"),
  witnesses: (data.witnesses || []).join("\n"),
});
const state = { fields: empty(), faults: [], outcome: null, file: "" };

const page = {
  data,
  state,
  language: !alone && document.documentElement.lang === "en" ? "en" : "zh",
  say: null,
  typed(name, text) {
    state.fields[name] = text;
    if (name === "receipt") state.file = "";
    if (state.outcome) forget();
    if (name === "keys" || name === "witnesses") fill(byId("v-prints"), fingerprints(page));
  },
  async taken(name, file) {
    const fault = await load(name, file);
    state.outcome = null;
    state.faults = fault ? [{ field: name, ...fault }] : [];
    if (name === "receipt") state.file = fault ? "" : file.name;
    draw();
    byId(fault ? "v-alert" : `f-${name}`).focus();
  },
  verify() {
    const found = examine(state.fields);
    state.faults = found.faults || [];
    state.outcome = found.faults ? null : found;
    draw();
    byId(found.faults ? "v-alert" : "v-verdict").focus();
    byId(found.faults ? "v-alert" : "v-top").scrollIntoView();
  },
  clear() {
    Object.assign(state, { fields: empty(), faults: [], outcome: null, file: "" });
    draw();
    byId("f-receipt").focus();
  },
};

const byId = (id) => document.getElementById(id);

/** What was found is not about what now stands in the fields. */
function forget() {
  state.outcome = null;
  fill(byId("v-results"));
}

async function load(name, file) {
  if (file.size > FILE_LIMIT) return { code: "file-long", facts: { size: file.size, most: FILE_LIMIT } };
  let bytes;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { code: "file-unread", facts: {} };
  }
  const text = textOf(bytes);
  if (text === null) return { code: "file-text", facts: {} };
  state.fields[name] = text;
  return null;
}

function main() {
  const { say } = page;
  const sections = state.outcome ? results(page, state.outcome) : [];
  return h("div", { class: "k-pub v-page" },
    h("div", { id: "v-top" },
      h("h1", { class: "v-title" }, say("title")),
      h("div", { id: "v-results" }, sections),
      !state.outcome && h("p", { class: "v-intro" }, say("intro")),
      form(page)),
    h("aside", { class: "k-side", "aria-label": say("fingerprints") },
      section("fingerprints", h("div", { id: "v-prints" }, fingerprints(page)),
        h("p", { class: "sm mu v-gap" }, say("compare"))),
      section("proves", h("ul", { class: "k-list" },
        [1, 2, 3].map((at) => h("li", {}, say(`proves.${at}`))))),
      section("offline", h("p", { class: "sm mu" }, say(alone ? "offline.say" : "offline.why")),
        Boolean(data.download) && h("a", { class: "btn btn-o btn-w v-gap", href: data.download, download: "" },
          say("offline.get")))));
}

function section(name, ...children) {
  return h("section", { class: "k-sec" },
    h("header", {}, h("h2", {}, page.say(name))), children);
}

function head() {
  const { say } = page;
  const other = page.language === "zh" ? "en" : "zh";
  const place = data.place ? say("place", { place: data.place }) : say("product");
  return h("header", { class: "k-lh" },
    h("span", { class: "k-seal", "aria-hidden": "true" }, h("span", {}, "考"), h("span", {}, "核")),
    h("div", {}, h("b", { class: "song" }, place),
      Boolean(data.office) && h("span", {}, say("office", { office: data.office }))),
    h("nav", {}, h("button", { type: "button", class: "lnk", lang: other === "en" ? "en" : "zh-CN",
      onclick: () => speak(other) }, say("other"))));
}

function speak(language) {
  page.language = language;
  draw();
  root.querySelector("nav button").focus();
}

function draw() {
  page.say = speaker(page.language);
  const { say } = page;
  if (!alone) return fill(root, main());
  document.documentElement.lang = page.language === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  return fill(root, head(), h("main", { id: "main" }, main()),
    h("footer", { class: "k-lb" }, h("span", {}, say("foot"))));
}

document.documentElement.classList.add("js");
draw();
