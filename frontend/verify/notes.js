// Signed notes, keys and checkpoints: C2SP signed-note v1, tlog-cosignature v1, tlog-checkpoint.
import { base64, Fault, fromBase64, hex, joined, sha256, signs, utf8 } from "./bytes.js";

export const LOG = 1; // kinds of keys, all Ed25519: a log's, a witness'
export const WITNESS = 4;
const SIGNATURES = 32;
const NOTE_LIMIT = 131_072; // bytes
const LAST_TIME = 253402300799n; // the last second of the year 9999
const MOST = 2n ** 63n - 1n; // entries of a log
const DASH = "— ";
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f]/;
const NAME = /^[^\s+\x00-\x1f\x7f\x85]{1,255}$/u;
export const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;

/** The key of a line `name+number+key`. */
export function keyOf(vkey) {
  const [, name, number, content] = /^([^+]*)\+([^+]*)\+(.*)$/su.exec(vkey) || [];
  const bytes = content === undefined ? null : fromBase64(content);
  if (!bytes || !NAME.test(name) || !/^[0-9a-f]{8}$/.test(number)) throw new Fault("key-form");
  if (bytes.length !== 33 || ![LOG, WITNESS].includes(bytes[0])) throw new Fault("key-kind");
  const id = hex(sha256(joined(utf8(`${name}\n`), bytes))).slice(0, 8);
  if (id !== number) throw new Fault("key-number");
  return { name, kind: bytes[0], id, public: bytes.subarray(1), fingerprint: hex(sha256(utf8(vkey))) };
}

/** A note's text and signatures; nothing is verified yet.  `from`: the line where it begins. */
export function noteOf(content, from) {
  if (utf8(content).length > NOTE_LIMIT) throw new Fault("note-long", { most: NOTE_LIMIT });
  if (CONTROL.test(content)) throw new Fault("control");
  const blank = content.lastIndexOf("\n\n");
  if (blank < 0) throw new Fault("no-signatures");
  const text = content.slice(0, blank + 1);
  const lines = content.slice(blank + 2, -1).split("\n");
  if (lines.length > SIGNATURES) throw new Fault("many-signatures", { most: SIGNATURES });
  const first = from + text.split("\n").length;
  return { text, signatures: lines.map((line, at) => signatureOf(line, first + at)) };
}

function signatureOf(line, number) {
  const [name, content, ...more] = line.slice(DASH.length).split(" ");
  const bytes = fromBase64(content || "");
  const sound = line.startsWith(DASH) && NAME.test(name) && more.length === 0;
  if (!sound || !bytes || bytes.length < 5) throw new Fault("signature-line", { line: number });
  return { name, id: hex(bytes.subarray(0, 4)), content: bytes.subarray(4) };
}

/** What a checkpoint's text says: the log's name, its size, its root. */
export function checkpointOf(text, from) {
  const [origin, size, root, ...extensions] = text.slice(0, -1).split("\n");
  if (!origin) throw new Fault("origin", { line: from });
  if (!NUMBER.test(size || "") || BigInt(size) > MOST) throw new Fault("size", { line: from + 1 });
  const bytes = fromBase64(root || "");
  if (!bytes || bytes.length !== 32) throw new Fault("root", { line: from + 2 });
  if (extensions.includes("")) {
    throw new Fault("blank-line", { line: from + 3 + extensions.indexOf("") });
  }
  return { origin, size: BigInt(size), root: bytes, rootText: base64(bytes), extensions };
}

/** Whether a signature holds over a text; for a witness also the time, in seconds since 1970. */
export function verified(key, signature, text) {
  if (key.kind === LOG) return { holds: signs(key.public, signature.content, utf8(text)) };
  if (signature.content.length !== 72) return { holds: false };
  const at = BigInt(`0x${hex(signature.content.subarray(0, 8))}`);
  if (at > LAST_TIME) return { holds: false, at };
  const message = utf8(`cosignature/v1\ntime ${at}\n${text}`);
  return { holds: signs(key.public, signature.content.subarray(8), message), at };
}

/** The signatures of known keys, each with its key, in the order of the note's lines. */
export function signers(note, keys) {
  const pairs = note.signatures.map((each) => [
    each,
    keys.find((key) => key.name === each.name && key.id === each.id),
  ]);
  return pairs.filter(([, key]) => key);
}
