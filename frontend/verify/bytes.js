// Bytes and texts, strictly: one spelling each, or a fault with its code and facts.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";

export { sha256 };

/** What is wrong: `code` names a sentence of the page, `facts` stand in it. */
export class Fault extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export const utf8 = (text) => new TextEncoder().encode(text);

/** The text of UTF-8 bytes; a byte order mark stays in it.  Null where they are no UTF-8. */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first, second = 0, third = 0] = bytes.subarray(at, at + 3);
    const group = (first << 16) | (second << 8) | third;
    for (const shift of [18, 12, 6, 0]) text += ALPHABET[(group >> shift) & 63];
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  return text.slice(0, text.length - missing) + "=".repeat(missing);
}

/** The bytes of base64 with padding; null for anything else, also for a second spelling. */
export function fromBase64(text) {
  if (!BASE64.test(text)) return null;
  const bare = text.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4));
  let group = 0;
  let held = 0;
  let at = 0;
  for (const letter of bare) {
    group = ((group << 6) | ALPHABET.indexOf(letter)) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = (group >> held) & 255;
    }
  }
  return base64(bytes) === text ? bytes : null;
}

export const hex = (bytes) =>
  Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) =>
  Uint8Array.from(text.match(/../g) || [], (pair) => Number.parseInt(pair, 16));

/** In groups of four, as a person compares them. */
export const grouped = (text) => (text.match(/.{1,4}/g) || []).join(" ");

export const same = (left, right) =>
  left.length === right.length && left.every((each, at) => each === right[at]);

export function joined(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Whether an Ed25519 signature (RFC 8032) holds.  Never by the browser's own: old ones have none. */
export function signs(publicKey, signature, message) {
  if (signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // no point of the curve, or not the one spelling of it
  }
}
