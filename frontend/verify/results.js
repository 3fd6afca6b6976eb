// What an examination has found, as elements of the page.
import { h } from "./dom.js";
import { known, moment, recorded, value } from "./telling.js";

const SIGNS = { ok: "st-done", bad: "st-soon", lack: "st-hold", note: "" };

/** The sections of an outcome: conclusion, checks, entry. */
export function results({ say, language, data }, outcome) {
  const parts = [content({ say, language, data }, outcome), checks(say, outcome)];
  // Where something is wrong, what it is comes before what the entry says.
  return [conclusion(say, outcome), ...(outcome.verdict === "ok" ? parts : parts.reverse())];
}

function conclusion(say, { verdict, checks: all }) {
  const missed = all.filter((each) => each.state === verdict && verdict !== "ok");
  const inclusion = all.find((each) => each.id === "inclusion");
  const facts = { count: missed.length, number: inclusion ? inclusion.facts.number : "" };
  const todo = { ok: () => "do.ok", bad: () => `do.${missed[0].id}`, lack: () => `lack.${missed[0].id}` };
  return h("section", { class: `k-sec v-end v-${verdict}`, id: "v-end" },
    h("header", {}, h("h2", {}, say("verdict"))),
    h("p", { class: "v-verdict", tabindex: "-1", id: "v-verdict" },
      verdict === "ok" && h("span", { class: "rcpt", "aria-hidden": "true" }, "讫"),
      h("b", { class: `song ${verdict === "ok" ? "" : "st"} ${verdict === "ok" ? "" : SIGNS[verdict]}` },
        say(`verdict.${verdict}`))),
    h("p", {}, say(`say.${verdict}`, facts)),
    h("p", { class: "mu" }, say(todo[verdict]())));
}

function checks(say, { checks: all }) {
  const row = ({ id, state, code, facts }) => {
    const told = facts.at === undefined ? facts : { ...facts, at: moment(say, facts.at) };
    return h("tr", { "data-check": id, "data-state": state, "data-code": code },
      h("th", { scope: "row", class: state === "bad" || state === "lack" ? "b" : "" }, say(`check.${id}`)),
      h("td", {}, h("span", { class: `st ${SIGNS[state]}` }, say(`state.${state}`))),
      h("td", { class: "v-ground" }, say(`${id}.${code}`, told)));
  };
  return h("section", { class: "k-sec long" },
    h("header", {}, h("h2", {}, say("checks"))),
    table([say("head.check"), say("head.result"), say("head.found")], all.map(row)));
}

function content(page, { entry, sealed, verdict }) {
  if (!entry) return null;
  const { say } = page;
  const note = verdict === "ok" ? "content.note" : "content.unproved";
  return h("section", { class: "k-sec long" },
    h("header", {}, h("h2", {}, say("content")), h("span", { class: "note" }, say(note))),
    table([say("head.name"), say("head.value")], [...told(page, entry, sealed)].map(line)));
}

const line = ([name, text, note]) =>
  h("tr", {}, h("th", { scope: "row" }, name),
    h("td", { class: "v-ground", translate: "no" }, h("bdi", {}, text),
      Boolean(note) && h("span", { class: "mu" }, " ", note)));

function* told({ say, language, data }, entry, sealed) {
  const word = (list, code) => known(data, language, list, code);
  const kind = entry.subject.split(":")[0];
  const named = (name) => {
    const bare = name.replace(/^was\./, "");
    const label = word("fields", `${kind}.${bare}`) || word("fields", bare) || bare;
    return name.startsWith("was.") ? say("was", { name: label }) : label;
  };
  const shown = (name, given) => value(say, given, word("choices", name));
  const counted = "number" in entry.facts ? word("numbered", entry.action) : null;
  const done = counted ? counted.replace("%(number)s", () => String(entry.facts.number)) : word("actions", entry.action);
  yield [say("action"), done || entry.action, done && entry.action];
  yield [say("at"), recorded(say, entry.at)];
  if (entry.effective_on) yield [say("effective_on"), value(say, entry.effective_on)];
  for (const name of ["subject", "unit", "jurisdiction"]) yield [say(name), value(say, entry[name])];
  for (const [name, given] of Object.entries(entry.facts)) {
    const before = Object.keys(entry.was).includes(name);
    const note = before ? [say("was.note"), h("bdi", {}, shown(name, entry.was[name]))] : null;
    yield [say("fact", { name: named(name) }), shown(name, given), note];
  }
  for (const name of Object.keys(entry.was).filter((each) => !Object.keys(entry.facts).includes(each))) {
    yield [say("was", { name: named(name) }), shown(name, entry.was[name])];
  }
  for (const { name, text } of sealed) {
    const missing = say("not-given", { commitment: entry.sealed[name] });
    yield [say("sealed", { name: named(name) }), text === null ? missing : text];
  }
  yield [say("role"), shown("role", entry.role)];
  yield [say("actor"), entry.actor === "system" ? say("system") : entry.actor];
  yield [say("entry"), entry.entry];
}

function table(heads, rows) {
  return h("div", { class: "scroll" },
    h("table", { class: "k-tb v-tb" },
      h("thead", {}, h("tr", {}, heads.map((each) => h("th", { scope: "col" }, each)))),
      h("tbody", {}, rows)));
}
