// The examination of a receipt: a line for each check, and what they come to.
//
// A check is {id, state, code, facts}: `state` is "ok", "bad" (the receipt is not to be trusted),
// "lack" (something is missing that would prove it) or "note" (worth knowing).
import { Fault, grouped, hex, same } from "./bytes.js";
import { commitment, entryOf, leafOf, textsOf } from "./entry.js";
import { compare } from "./kept.js";
import { leafHash, rootOf } from "./merkle.js";
import { signers, verified } from "./notes.js";
import { isMet, newPolicy, read } from "./policy.js";
import { keptOf, pathOf, receiptOf } from "./receipt.js";

const HASH = 32;

/**
 * Examine what a person has given: texts of the fields `receipt`, `leaf`, `texts`, `keys`,
 * `witnesses`, `number` (how many witnesses must have signed), `kept` (a checkpoint that somebody
 * kept) and `path` (that the one begins with the other).
 *
 * Returns {faults} where a field cannot be understood, else {checks, verdict, entry, texts}.
 */
export function examine(given) {
  const faults = [];
  const tried = (field, work) => {
    try {
      return work();
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      faults.push({ field, code: fault.code, facts: fault.facts });
      return null;
    }
  };
  const policy = newPolicy();
  if (given.receipt.trim() === "") faults.push({ field: "receipt", code: "empty", facts: {} });
  tried("keys", () => read(policy, given.keys));
  tried("witnesses", () => read(policy, given.witnesses));
  const number = tried("number", () => numberOf(given.number, policy));
  const leaf = given.leaf.trim() === "" ? null : tried("leaf", () => leafOf(given.leaf));
  const texts = given.texts.trim() === "" ? {} : tried("texts", () => textsOf(given.texts));
  const kept = given.kept.trim() === "" ? null : tried("kept", () => keptOf(given.kept));
  const path = tried("path", () => pathOf(given.path));
  if (faults.length) return { faults };
  return judged({ receipt: given.receipt, leaf, texts, policy, number, kept, path });
}

function numberOf(text, policy) {
  const bare = text.trim() || "0";
  const most = policy.witnesses.size;
  if (!/^[0-9]{1,3}$/.test(bare) || Number(bare) > most) throw new Fault("number", { most });
  return Number(bare);
}

function judged(given) {
  const examination = new Examination();
  try {
    examination.run(given);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    examination.say(examination.now, "bad", fault.code, fault.facts);
  }
  const { checks, entry, sealed } = examination;
  const states = checks.map((each) => each.state);
  const verdict = states.includes("bad") ? "bad" : states.includes("lack") ? "lack" : "ok";
  return { checks, verdict, entry, sealed };
}

class Examination {
  checks = [];
  entry = null;
  sealed = [];
  now = "format";

  say(id, state, code, facts = {}) {
    this.checks.push({ id, state, code, facts });
  }

  run({ receipt: text, leaf: pasted, texts, policy, number, kept, path }) {
    const receipt = receiptOf(text);
    this.say("format", "ok", "sound", { size: receipt.size });
    for (const code of receipt.notes) this.say("format", "note", code);
    const { leaf, hash } = this.leaf(receipt, pasted);
    if (hash) this.inclusion(receipt, hash);
    this.signatures(receipt, policy);
    this.witnesses(receipt, policy, number);
    if (kept) this.say("kept", ...compare(kept, receipt, path, policy.logs));
    if (leaf) this.content(leaf, texts);
    else if (Object.keys(texts).length) this.say("texts", "lack", "no-entry");
  }

  leaf({ extra }, pasted) {
    const carried = extra && extra.length !== HASH ? extra : null;
    const told = extra && (carried ? leafHash(carried) : extra);
    const given = pasted && leafHash(pasted);
    if (told && given && !same(told, given)) {
      this.say("leaf", "bad", carried ? "other-entry" : "other-hash", {
        told: hex(told),
        found: hex(given),
      });
      return { leaf: null, hash: told };
    }
    const hash = told || given;
    if (!hash) this.say("leaf", "lack", "nothing");
    else if (told && given) this.say("leaf", "ok", "sound", { hash: hex(hash) });
    else if (carried || given) this.say("leaf", "note", "computed", { hash: hex(hash) });
    else this.say("leaf", "lack", "hash-only", { hash: hex(hash) });
    return { leaf: carried || pasted, hash };
  }

  inclusion({ index, path, checkpoint }, hash) {
    this.now = "inclusion";
    const { size, root } = checkpoint;
    const facts = { index, number: index + 1n, size, steps: path.length };
    const found = rootOf(hash, index, size, path);
    if (same(found, root)) this.say("inclusion", "ok", "sound", { ...facts, root: hex(root) });
    else this.say("inclusion", "bad", "other-root", { ...facts, root: hex(root), found: hex(found) });
  }

  signatures({ note, checkpoint }, policy) {
    const origin = checkpoint.origin;
    const signed = new Set();
    for (const [signature, key] of signers(note, policy.logs)) {
      if (signed.has(key.fingerprint)) continue;
      signed.add(key.fingerprint);
      const facts = { name: key.name, id: key.id, fingerprint: grouped(key.fingerprint), origin };
      if (!verified(key, signature, note.text).holds) this.say("signature", "bad", "forged", facts);
      else if (key.name !== origin) this.say("signature", "bad", "other-name", facts);
      else this.say("signature", "ok", "sound", facts);
    }
    if (signed.size) return;
    const names = policy.logs.map((each) => each.name);
    const [code] = [
      [names.length === 0, "no-keys"],
      [!names.includes(origin), "other-log"],
      [true, "not-signed"],
    ].find(([holds]) => holds).slice(1);
    this.say("signature", "lack", code, { origin, names: [...new Set(names)].join("、") });
  }

  witnesses({ note }, policy, number) {
    const seen = new Set();
    const told = new Set();
    const witnesses = [...policy.witnesses].map(([title, key]) => ({ ...key, title }));
    for (const [signature, key] of signers(note, witnesses)) {
      if (told.has(key.fingerprint)) continue;
      told.add(key.fingerprint);
      const { holds, at } = verified(key, signature, note.text);
      const facts = { title: key.title, name: key.name, id: key.id, at };
      this.say("witness", holds ? "ok" : "bad", holds ? "sound" : "forged", facts);
      if (holds) seen.add(key.fingerprint);
    }
    const asked = policy.quorum === null ? number > 0 : policy.quorum !== "none";
    const facts = { found: seen.size, known: witnesses.length, number };
    const counted = policy.quorum === null ? "number" : "quorum";
    if (!asked) this.say("quorum", "note", witnesses.length ? "not-asked" : "no-witnesses", facts);
    else if (isMet(policy, seen, number)) this.say("quorum", "ok", counted, facts);
    else this.say("quorum", "lack", `${counted}-missed`, facts);
    this.strangers(note, [...policy.logs, ...witnesses]);
  }

  strangers(note, keys) {
    const isKnown = (each) => keys.some((key) => key.name === each.name && key.id === each.id);
    const names = note.signatures.filter((each) => !isKnown(each)).map((each) => each.name);
    const facts = { count: names.length, names: names.join("、") };
    if (names.length) this.say("strangers", "note", "unknown", facts);
  }

  content(leaf, texts) {
    this.now = "entry";
    this.entry = entryOf(leaf);
    this.say("entry", "ok", "sound", { size: leaf.length });
    const committed = new Map(Object.entries(this.entry.sealed));
    for (const name of committed.keys()) this.sealed.push(this.text(name, committed, texts));
    for (const name of Object.keys(texts).filter((each) => !committed.has(each))) {
      this.say("texts", "bad", "not-committed", { name });
    }
  }

  text(name, committed, texts) {
    const body = Object.keys(texts).includes(name) ? texts[name] : null;
    if (!body) return { name, text: null };
    const holds = commitment(name, body) === committed.get(name);
    this.say("texts", holds ? "ok" : "bad", holds ? "sound" : "altered", { name });
    return { name, text: holds ? body.text : null };
  }
}
