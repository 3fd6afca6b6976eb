// An entry of the record, and its sealed texts: docs/journal-format.md.
import { Fault, fromHex, hex, joined, sha256, textOf, utf8 } from "./bytes.js";

const FORMAT = "kaohe-entry/1";
export const LEAF_LIMIT = 65_535; // bytes
const TEXTS = ["action", "actor", "at", "entry", "jurisdiction", "role", "subject", "unit"];
const NAMES = [...TEXTS, "facts", "format", "sealed", "was"].sort();
const COMMITMENT = /^sha256:[0-9a-f]{64}$/;
// Half of a rare character, which is no text: JSON.stringify escapes it, and nothing else so.
const HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Canonical JSON (RFC 8785) of what an entry may hold. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (isObject(value)) {
    const pairs = Object.keys(value).sort();
    return `{${pairs.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

function isFact(value) {
  if (Array.isArray(value)) return value.every((each) => typeof each === "string");
  return value === null || ["string", "boolean"].includes(typeof value) || Number.isSafeInteger(value);
}

function isShaped(entry) {
  const names = Object.keys(entry).filter((name) => name !== "effective_on").sort();
  const days = entry.effective_on;
  return (
    names.join() === NAMES.join() &&
    TEXTS.every((name) => typeof entry[name] === "string") &&
    [entry.facts, entry.was].every((each) => isObject(each) && Object.values(each).every(isFact)) &&
    isObject(entry.sealed) &&
    Object.values(entry.sealed).every((each) => COMMITMENT.test(each)) &&
    (days === undefined || /^\d{4}-\d\d-\d\d$/.test(days))
  );
}

function parsed(text, code) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(code);
  }
}

/** The entry that a leaf's bytes hold, in its one spelling. */
export function entryOf(leaf) {
  const text = textOf(leaf);
  if (text === null) throw new Fault("leaf-text");
  const entry = parsed(text, "leaf-json");
  if (!isObject(entry) || entry.format !== FORMAT) throw new Fault("leaf-format", { format: FORMAT });
  if (!isShaped(entry)) throw new Fault("leaf-shape");
  if (canonical(entry) !== text || HALF.test(text)) throw new Fault("leaf-spelling");
  return entry;
}

/** The bytes of an entry that somebody pasted, perhaps spread over several lines by a program. */
export function leafOf(text) {
  const size = utf8(text).length;
  if (size > LEAF_LIMIT * 4) throw new Fault("leaf-long", { size, most: LEAF_LIMIT });
  const bare = text.replace(/^\ufeff/, "").trim();
  const entry = parsed(bare, "leaf-json");
  if (!isObject(entry) || !isShaped(entry)) throw new Fault("leaf-shape");
  const leaf = utf8(canonical(entry));
  if (leaf.length > LEAF_LIMIT) throw new Fault("leaf-long", { size: leaf.length, most: LEAF_LIMIT });
  return leaf;
}

/** The texts that somebody pasted: name → {salt, text}. */
export function textsOf(given) {
  if (utf8(given).length > LEAF_LIMIT * 64) throw new Fault("texts-long");
  const texts = parsed(given.replace(/^\ufeff/, "").trim(), "texts-json");
  const isBody = (each) =>
    isObject(each) && typeof each.text === "string" && /^[0-9a-f]{64}$/.test(each.salt);
  if (!isObject(texts) || !Object.values(texts).every(isBody)) throw new Fault("texts-shape");
  return texts;
}

/** What stands in an entry for a text. */
export function commitment(name, { salt, text }) {
  const bound = joined(fromHex(salt), utf8(canonical([name, text])));
  return `sha256:${hex(sha256(bound))}`;
}
