// A checkpoint that somebody kept, held against that of a receipt: is it still the same record?
import { hex, same } from "./bytes.js";
import { continues } from "./merkle.js";
import { signers, verified } from "./notes.js";

/** What the comparison comes to: [state, code, facts] of a check. */
export function compare(kept, receipt, path, keys) {
  const [mine, its] = [kept.checkpoint, receipt.checkpoint];
  const facts = { origin: mine.origin, kept: mine.size, size: its.size };
  const found = signers(kept.note, keys).filter(([, key]) => key.name === mine.origin);
  if (found.some(([signature, key]) => !verified(key, signature, kept.note.text).holds)) {
    return ["bad", "forged", facts];
  }
  if (mine.origin !== its.origin) return ["lack", "other-log", { ...facts, other: its.origin }];
  if (!found.length) return ["lack", "not-signed", facts];
  const roots = { ...facts, mine: hex(mine.root), its: hex(its.root) };
  if (mine.size === its.size) {
    return same(mine.root, its.root) ? ["ok", "same", facts] : ["bad", "fork", roots];
  }
  if (mine.size === 0n || its.size === 0n) return ["ok", "empty", facts];
  if (!path) return ["note", "no-path", facts];
  const [older, newer] = mine.size < its.size ? [mine, its] : [its, mine];
  return continues(older, newer, path) ? ["ok", "sound", facts] : ["bad", "broken", roots];
}
