// Receipts: C2SP tlog-proof v1.  `extra` is the entry itself or, on paper, the hash of it.
import { Fault, fromBase64, utf8 } from "./bytes.js";
import { checkpointOf, noteOf, NUMBER } from "./notes.js";

const HEAD = "c2sp.org/tlog-proof@v1";
const PATH_LIMIT = 64;
export const RECEIPT_LIMIT = 200_000; // bytes

/** A text as it was before an editor or a mail touched it, and what was put right. */
export function mended(text) {
  const notes = [];
  let found = text;
  const put = (note, next) => {
    if (next !== found) notes.push(note);
    found = next;
  };
  put("bom", found.replace(/^\ufeff/, ""));
  put("crlf", found.replace(/\r\n/g, "\n"));
  put("end", `${found.replace(/\n+$/, "")}\n`);
  return { text: found, notes };
}

/** A receipt's parts; nothing is verified yet. */
export function receiptOf(given) {
  const size = utf8(given).length;
  if (size > RECEIPT_LIMIT) throw new Fault("too-long", { size, most: RECEIPT_LIMIT });
  const { text, notes } = mended(given);
  const lines = text.slice(0, -1).split("\n");
  let at = 0;
  if (lines[at++] !== HEAD) throw new Fault("head", { head: HEAD });
  const extra = (lines[at] || "").startsWith("extra ") ? extraOf(lines[at++], at) : null;
  const index = /^index (.*)$/.exec(lines[at] || "");
  if (!index || !NUMBER.test(index[1])) throw new Fault("index", { line: at + 1 });
  at += 1;
  const path = [];
  for (; at < lines.length && lines[at] !== ""; at += 1) path.push(hashOf(lines[at], at + 1));
  if (path.length > PATH_LIMIT) throw new Fault("path-long", { most: PATH_LIMIT });
  if (at >= lines.length - 1) throw new Fault("no-checkpoint");
  const note = noteOf(`${lines.slice(at + 1).join("\n")}\n`, at + 2);
  const checkpoint = checkpointOf(note.text, at + 2);
  return { extra, index: BigInt(index[1]), path, note, checkpoint, notes, size };
}

function extraOf(line, number) {
  const bytes = fromBase64(line.slice("extra ".length));
  if (!bytes || bytes.length === 0) throw new Fault("base64", { line: number });
  return bytes;
}

function hashOf(line, number) {
  const bytes = fromBase64(line);
  if (!bytes || bytes.length !== 32) throw new Fault("path-line", { line: number });
  return bytes;
}

/** A checkpoint that somebody kept: its note, or a whole receipt that ends with it. */
export function keptOf(given) {
  if (utf8(given).length > RECEIPT_LIMIT) throw new Fault("kept-form");
  try {
    const { text } = mended(given);
    if (text.startsWith(`${HEAD}\n`)) return receiptOf(text);
    const note = noteOf(text, 1);
    return { note, checkpoint: checkpointOf(note.text, 1) };
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    throw new Fault("kept-form");
  }
}

/** The hashes of a proof of consistency, one a line; null where none is given. */
export function pathOf(given) {
  const lines = mended(given).text.trim().split("\n");
  if (lines[0] === "") return null;
  if (lines.length > PATH_LIMIT) throw new Fault("path-long", { most: PATH_LIMIT });
  return lines.map((line, at) => {
    const bytes = fromBase64(line.trim());
    if (!bytes || bytes.length !== 32) throw new Fault("path-line", { line: at + 1 });
    return bytes;
  });
}
