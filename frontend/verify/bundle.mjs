// Builds the page that verifies receipts: for the platform's own page a script and a sheet; for a
// USB stick a single file that holds everything and may load nothing.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import en from "./words_en.js";
import zh from "./words_zh.js";

/** Both languages must say the same things, with the same facts. */
function compareWords() {
  const facts = (text) => [...new Set(text.match(/\{\w+\}/g) || [])].sort().join();
  const names = [...new Set([...Object.keys(zh), ...Object.keys(en)])];
  const odd = names.filter((name) => !zh[name] || !en[name] || facts(zh[name]) !== facts(en[name]));
  if (odd.length) throw new Error(`said differently in the two languages: ${odd.join(" ")}`);
}

async function built(common, entry, more = {}) {
  const made = await build({ ...common, entryPoints: [entry], write: false, ...more });
  return made.outputFiles[0].text.trim();
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export async function buildVerifier(common, out, licences) {
  compareWords();
  const script = await built(common, "verify/page.js", { format: "iife", legalComments: "none" });
  const style = await built(common, "verify/alone.css", { legalComments: "none" });
  if (/<\/(script|style)|<!--/i.test(script + style)) throw new Error("the bundle would end its element");
  const policy = [
    "default-src 'none'", `script-src ${hash(script)}`, `style-src ${hash(style)}`,
    "base-uri 'none'", "form-action 'none'",
  ].join("; ");
  const parts = { POLICY: policy, STYLE: style, SCRIPT: script, LICENCES: licences.replace(/--+/g, "-") };
  const page = await readFile("verify/alone.html", "utf8");
  const whole = page.replace(/\b(POLICY|STYLE|SCRIPT|LICENCES)\b/g, (name) => parts[name]);
  await writeFile(new URL("verify.html", out), whole);
  await writeFile(new URL("verify.js", out), `${script}\n`);
  await build({ ...common, entryPoints: ["verify/verdict.css"], outfile: new URL("verify.css", out).pathname });
}
