// The fields of the page.
import { grouped } from "./bytes.js";
import { h } from "./dom.js";
import { newPolicy, read } from "./policy.js";

const OPTIONAL = ["leaf", "texts", "witnesses", "number", "kept", "path"];
export const FIELDS = ["receipt", "keys", ...OPTIONAL];
const ROWS = { receipt: 7, leaf: 3, texts: 3, keys: 2, witnesses: 3, kept: 3, path: 3 };

/** The form.  `page` holds say, state, and what happens: typed, taken (a file), verify, clear. */
export function form(page) {
  const { say, state } = page;
  const open = OPTIONAL.some((name) => state.fields[name].trim() || faultsOf(state, name).length);
  return h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); page.verify(); } },
    h("section", { class: "k-sec" },
      h("header", {}, h("h2", {}, say("fields"))),
      alert(page),
      row(page, "receipt", chooser(page), area(page, "receipt")),
      row(page, "keys", area(page, "keys")),
      h("details", { class: "k-more v-more", open },
        h("summary", {}, say("more")),
        ["leaf", "texts", "witnesses"].map((name) => row(page, name, area(page, name))),
        row(page, "number", number(page)),
        ["kept", "path"].map((name) => row(page, name, area(page, name)))),
      h("div", { class: "k-act" },
        h("button", { class: "btn btn-k", type: "submit" }, say("verify")),
        h("button", { class: "btn btn-o", type: "button", onclick: page.clear }, say("clear")))));
}

const faultsOf = (state, name) => state.faults.filter((each) => each.field === name);

function sentence(say, { code, facts }) {
  const text = say(`fault.${code}`, facts);
  return facts.line === undefined ? text : say("fault.line", { line: facts.line, sentence: text });
}

function alert({ say, state }) {
  if (!state.faults.length) return null;
  return h("div", { class: "k-alert", id: "v-alert", tabindex: "-1" },
    h("b", {}, say("refused", { count: state.faults.length })),
    h("ul", {}, state.faults.map((fault) =>
      h("li", {}, h("a", { href: `#f-${fault.field}` }, say(`field.${fault.field}`))))));
}

function row({ say, state }, name, ...controls) {
  const faults = faultsOf(state, name);
  return h("div", { class: `k-f ${faults.length ? "bad" : ""}` },
    h("label", { for: `f-${name}` }, say(`field.${name}`),
      name === "receipt" && h("span", { class: "req" }, say("required"))),
    h("div", {}, controls,
      h("p", { class: "hint", id: `h-${name}` }, say(`hint.${name}`)),
      faults.map((fault, at) => h("p", { class: "err", id: `e-${name}-${at}` },
        h("span", {}, sentence(say, fault))))));
}

const told = (state, name) => ({
  "aria-describedby": [`h-${name}`, ...faultsOf(state, name).map((_, at) => `e-${name}-${at}`)].join(" "),
  "aria-invalid": faultsOf(state, name).length > 0 && "true",
});

function area(page, name) {
  const { state } = page;
  return h("textarea", {
    class: "form-control code", id: `f-${name}`, rows: ROWS[name], spellcheck: "false",
    autocomplete: "off", autocapitalize: "off", translate: "no", ...told(state, name),
    required: name === "receipt",
    value: state.fields[name],
    oninput: (event) => page.typed(name, event.target.value),
    ondragover: (event) => event.preventDefault(),
    ondrop: (event) => dropped(page, name, event),
  });
}

function dropped(page, name, event) {
  const file = event.dataTransfer && event.dataTransfer.files[0];
  if (!file) return; // text that is dragged goes in as text
  event.preventDefault();
  page.taken(name, file);
}

function chooser(page) {
  const { say } = page;
  return h("div", { class: "drop", ondragover: (event) => event.preventDefault(),
    ondrop: (event) => dropped(page, "receipt", event) },
  h("span", { class: "lnk fake", "aria-hidden": "true" }, say("choose")),
  h("span", { class: "mu fake", "aria-hidden": "true" }, say("drop")),
  h("input", { type: "file", id: "f-file", "aria-label": say("choose"),
    onchange: (event) => event.target.files[0] && page.taken("receipt", event.target.files[0]) }),
  page.state.file && h("span", { class: "names", translate: "no" }, page.state.file));
}

function number(page) {
  return h("input", {
    class: "form-control num w-xs", id: "f-number", inputmode: "numeric", autocomplete: "off",
    ...told(page.state, "number"),
    value: page.state.fields.number,
    oninput: (event) => page.typed("number", event.target.value),
  });
}

/** The fingerprints of the keys that are given, to be compared with the printed ones. */
export function fingerprints({ say, state }) {
  const policy = newPolicy();
  for (const name of ["keys", "witnesses"]) {
    for (const line of state.fields[name].split("\n")) quietly(policy, line);
  }
  const keys = [...policy.logs, ...policy.witnesses.values()];
  if (!keys.length) return h("p", { class: "sm mu" }, say("no-keys-yet"));
  return h("ul", { class: "k-list" }, keys.map((key) => h("li", {},
    h("div", { class: "row1" },
      h("span", { class: "b code", translate: "no" }, key.name),
      h("span", { class: "mu sm nw" }, say(`kind.${key.kind}`))),
    h("div", { class: "v-print", translate: "no" }, grouped(key.fingerprint)))));
}

function quietly(policy, line) {
  try {
    read(policy, line);
  } catch {
    // the form says what is wrong with it
  }
}
