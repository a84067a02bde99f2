// Builds every file of frontend/entries into app/web/static/built: hashed names, shared chunks, one icon sprite, manifest.json.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { withoutInlineStyles } from "./patches.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.join(root, "app/web/static/built");
const STAR = '<symbol id="i-star" viewBox="0 0 24 24"><path d="M12 .6 14.3 9.7 23.4 12 14.3 14.3 12 23.4 9.7 14.3 .6 12 9.7 9.7Z"/></symbol>';

async function bundle() {
  const entries = await readdir(path.join(root, "frontend/entries"));
  const { metafile } = await esbuild.build({
    entryPoints: entries.map((name) => path.join(root, "frontend/entries", name)),
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    target: "es2022",
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".woff": "file", ".ttf": "file", ".svg": "file", ".eot": "empty" },
    plugins: [withoutInlineStyles],
    metafile: true,
    absWorkingDir: root,
    logLevel: "warning",
  });
  const manifest = {};
  for (const [file, made] of Object.entries(metafile.outputs)) {
    if (!made.entryPoint?.startsWith("frontend/entries/")) continue;
    const chunks = made.imports.filter((one) => one.kind === "import-statement").map((one) => path.basename(one.path));
    manifest[path.parse(made.entryPoint).name] = {
      js: path.basename(file),
      preload: chunks,
      css: made.cssBundle ? path.basename(made.cssBundle) : null,
    };
  }
  return manifest;
}

async function sprite() {
  const names = JSON.parse(await readFile(path.join(root, "frontend/icons.json"), "utf8"));
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(path.join(root, "node_modules/bootstrap-icons/icons", `${name}.svg`), "utf8");
    const body = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
    return `<symbol id="i-${name}" viewBox="0 0 16 16">${body}</symbol>`;
  }));
  const text = `<svg xmlns="http://www.w3.org/2000/svg">${STAR}${symbols.join("")}</svg>`;
  const name = `sprite-${createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase()}.svg`;
  await writeFile(path.join(out, name), text);
  return name;
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const manifest = { entries: await bundle(), sprite: await sprite() };
await writeFile(path.join(out, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
