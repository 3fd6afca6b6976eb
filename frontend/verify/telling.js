// Codes, times and values in the words of a language.
import en from "./words_en.js";
import zh from "./words_zh.js";

export const LANGUAGES = { zh, en };
// Marks that turn the direction of what follows: a name may not rearrange a sentence about it.
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
const own = (object, name) => Object.prototype.hasOwnProperty.call(object || {}, name);

/** A function: the text of a name in a language, with its facts. */
export function speaker(language) {
  const words = LANGUAGES[language];
  return (name, facts = {}) => {
    if (!own(words, name)) throw new Error(`no words for ${name}`);
    return words[name].replace(/\{(\w+)\}/g, (whole, fact) =>
      own(facts, fact) ? String(facts[fact]).replace(TURNS, "\ufffd") : whole,
    );
  };
}

const DIGITS = (number) => String(number).padStart(2, "0");
const LAST = 253402300799; // the end of the year 9999

/** A moment in Beijing, from seconds since 1970. */
export function moment(say, seconds) {
  const number = Number(seconds);
  if (!(number >= 0 && number <= LAST)) return String(seconds);
  const at = new Date((number + 8 * 3600) * 1000);
  const day = [at.getUTCFullYear(), DIGITS(at.getUTCMonth() + 1), DIGITS(at.getUTCDate())];
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(DIGITS);
  return say("beijing", { time: `${day.join(".")} ${time.join(":")}` });
}

/** The same, of an entry's `2026-03-05T00:30:00.001234Z`; as it stands where it is none. */
export function recorded(say, at) {
  const sound = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(at);
  const seconds = sound ? Date.parse(`${at.slice(0, 19)}Z`) / 1000 : NaN;
  return Number.isNaN(seconds) ? at : moment(say, seconds);
}

/** A value of an entry; `choices`: codes of this name → words. */
export function value(say, given, choices) {
  if (Array.isArray(given)) {
    return given.length ? given.map((each) => value(say, each, choices)).join(say("comma")) : say("none");
  }
  if (given === null || given === "") return say("none");
  if (typeof given === "boolean") return say(given ? "yes" : "no");
  if (own(choices, given)) return choices[given];
  return String(given).replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$1.$2.$3");
}

/** Words of the installation for a code: `kind` is actions, fields or choices. */
export function known(data, language, kind, code) {
  const words = ((data.words || {})[language] || {})[kind];
  return own(words, code) ? words[code] : null;
}
