// Builds what the pages load into kaohe/web/static/dist.  Names stay plain: the server's storage
// of static files adds the hashes.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { buildVerifier } from "./verify/bundle.mjs";

const OUT = new URL("../kaohe/web/static/dist/", import.meta.url);
// The oldest browser on the desks: 360 and UOS.  Windows 7 ends at 109.
const TARGET = "chrome86";
// Our own sheet, without Bootstrap.  A page on a village line must not wait for it.
const SHEET_LIMIT = 44 * 1024;

const common = { bundle: true, minify: true, target: TARGET, charset: "utf8", logLevel: "warning" };

const shipped = [
  "bootstrap", "htmx.org", "echarts", "zrender", "tslib", "@noble/curves", "@noble/hashes",
];
// In the single file that verifies receipts.
const carried = ["bootstrap", "@noble/curves", "@noble/hashes"];

async function licences(names) {
  const texts = [];
  for (const name of names) {
    const about = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
    const file = name === "tslib" ? "LICENSE.txt" : "LICENSE";
    const text = await readFile(`node_modules/${name}/${file}`, "utf8");
    texts.push(`${name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  return texts.join("\n----\n\n");
}

async function measured() {
  const made = await build({ ...common, entryPoints: ["css/kaohe.css"], write: false });
  return made.outputFiles[0].contents.length;
}

process.chdir(new URL(".", import.meta.url).pathname);
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await build({ ...common, entryPoints: ["css/app.css", "css/survey.css"], outdir: OUT.pathname });
await build({ ...common, entryPoints: ["js/app.js", "js/charts.js"], outdir: OUT.pathname, format: "iife" });
await cp(new URL("images/", import.meta.url), OUT, { recursive: true });
await writeFile(new URL("LICENCES.txt", OUT), await licences(shipped));
await buildVerifier(common, OUT, await licences(carried));

const size = await measured();
if (size > SHEET_LIMIT) {
  throw new Error(`our own sheet is ${size} bytes, more than ${SHEET_LIMIT}: take something away`);
}
