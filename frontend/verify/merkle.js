// The tree of the record: RFC 6962, 2.1, checked by the steps of RFC 9162, 2.1.3.2 and 2.1.4.2.
import { Fault, joined, same, sha256 } from "./bytes.js";

export const leafHash = (entry) => sha256(joined(Uint8Array.of(0), entry));
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

/** How many hashes lead from an entry to the root. */
export function pathLength(index, size) {
  let length = 0;
  for (let at = index, last = size - 1n; last > 0n; at >>= 1n, last >>= 1n) {
    if (at & 1n || at !== last) length += 1;
  }
  return length;
}

/** The root to which a path leads from an entry's hash.  `index` and `size` are BigInt. */
export function rootOf(leaf, index, size, path) {
  if (index >= size) throw new Fault("index-beyond", { index, size });
  const needed = pathLength(index, size);
  if (path.length !== needed) throw new Fault("path-length", { found: path.length, needed });
  let at = index;
  let last = size - 1n;
  let root = leaf;
  for (const hash of path) {
    if (at & 1n || at === last) {
      root = nodeHash(hash, root);
      while (at !== 0n && !(at & 1n)) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      root = nodeHash(root, hash);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return root;
}

/** Whether a path shows that the larger tree begins with the smaller one, which is not empty. */
export function continues(older, newer, path) {
  const whole = (older.size & (older.size - 1n)) === 0n;
  const parts = whole ? [older.root, ...path] : path;
  if (!parts.length) return false;
  let at = older.size - 1n;
  let last = newer.size - 1n;
  for (; at & 1n; at >>= 1n) last >>= 1n;
  let [before] = parts;
  let after = before;
  for (const hash of parts.slice(1)) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      before = nodeHash(hash, before);
      after = nodeHash(hash, after);
      while (at !== 0n && !(at & 1n)) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      after = nodeHash(after, hash);
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && same(before, older.root) && same(after, newer.root);
}
