// Whom the reader trusts: C2SP tlog-policy, and bare keys line by line.
import { Fault, same } from "./bytes.js";
import { keyOf, LOG, WITNESS } from "./notes.js";

/** An empty policy, which `read` fills. */
export const newPolicy = () => ({ logs: [], witnesses: new Map(), groups: new Map(), quorum: null });

/** Take up the lines of a text.  A fault names the line. */
export function read(policy, text) {
  text.replace(/^\ufeff/, "").split(/\r?\n/).forEach((line, at) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === "" || words[0].startsWith("#")) return;
    try {
      take(policy, words);
    } catch (fault) {
      if (fault instanceof Fault) fault.facts.line = at + 1;
      throw fault;
    }
  });
}

function take(policy, words) {
  const [kind, name, ...rest] = words;
  if (words.length === 1) bare(policy, keyOf(kind));
  else if (kind === "log" && rest.length < 2) addLog(policy, keyOf(name));
  else if (kind === "witness" && [1, 2].includes(rest.length)) addWitness(policy, name, keyOf(rest[0]));
  else if (kind === "group" && rest.length > 1) addGroup(policy, name, rest);
  else if (kind === "quorum" && rest.length === 0) setQuorum(policy, name);
  else throw new Fault("policy-line");
}

function bare(policy, key) {
  if (key.kind === LOG) addLog(policy, key);
  else addWitness(policy, key.name, key);
}

function addLog(policy, key) {
  if (key.kind !== LOG) throw new Fault("key-of-witness");
  const twice = policy.logs.some((each) => each.fingerprint === key.fingerprint);
  if (!twice) policy.logs.push(key);
}

const known = (policy, name) => policy.witnesses.has(name) || policy.groups.has(name);

function addWitness(policy, name, key) {
  if (key.kind !== WITNESS) throw new Fault("key-of-log");
  if (known(policy, name) || name === "none") throw new Fault("name-twice", { name });
  // One who holds two names would count twice.
  const others = [...policy.witnesses.values()];
  if (others.some((each) => same(each.public, key.public))) throw new Fault("key-twice");
  policy.witnesses.set(name, key);
}

function addGroup(policy, name, [how, ...members]) {
  const unknown = members.find((each) => !known(policy, each));
  if (unknown !== undefined) throw new Fault("name-unknown", { name: unknown });
  if (known(policy, name) || name === "none") throw new Fault("name-twice", { name });
  const taken = [...policy.groups.values()].flatMap((each) => each.members);
  const twice = members.find((each) => taken.includes(each));
  if (twice !== undefined) throw new Fault("member-twice", { name: twice });
  const count = { all: members.length, any: 1 }[how] || (/^[1-9][0-9]{0,3}$/.test(how) ? Number(how) : 0);
  if (count < 1 || count > members.length || new Set(members).size !== members.length) {
    throw new Fault("policy-line");
  }
  policy.groups.set(name, { count, members });
}

function setQuorum(policy, name) {
  if (policy.quorum !== null) throw new Fault("quorum-twice");
  if (name !== "none" && !known(policy, name)) throw new Fault("name-unknown", { name });
  policy.quorum = name;
}

/** Whether those whose keys (by fingerprint) have signed are enough; also a plain number of all. */
export function isMet(policy, seen, number) {
  const asked = policy.quorum;
  if (asked !== null) return asked === "none" || meets(policy, asked, seen);
  return seen.size >= number;
}

function meets(policy, name, seen) {
  const key = policy.witnesses.get(name);
  if (key) return seen.has(key.fingerprint);
  const { count, members } = policy.groups.get(name);
  return members.filter((each) => meets(policy, each, seen)).length >= count;
}
