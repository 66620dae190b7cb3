// Makes the bundle that find-bundle.mjs looks for. Says nothing: where it can't be made, the sources run.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundleFolder, findBundle, nodeMark, recordFile, stampOf } from "./find-bundle.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const entryPoint = join(root, "src/cli/main.ts");
/** Packages that are loaded at each start; all others stay where they are. */
const INLINED = new Set(["yaml", "zod", "tldts"]);
/** A builder that takes longer is dead, milliseconds. */
const BUILD_MS = 60_000;
/** A first run that takes longer is given up, milliseconds. */
const WARM_UP_MS = 20_000;
/** A process may still load a part of a bundle that was replaced, milliseconds. */
const KEEP_MS = 24 * 3_600_000;
/** A file that changed this shortly before the build may change again within the same tick of the file system's clock, milliseconds. */
const SETTLE_MS = 2_000;

/** The text of a source does not say where it stood, so it is told. */
const keepPlaces = {
  name: "keep-places",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const contents = fs
        .readFileSync(path, "utf8")
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)));
      return { loader: "ts", contents };
    });
  },
};

/** What Node has loaded before a program begins, or what every command uses. */
const LOADED_BUILTINS = new Set(["node:fs", "node:module", "node:os", "node:path", "node:url"]);

/** Node's other modules are loaded when something of them is used: an `import` of `node:http` alone costs 20 ms. */
const loadBuiltinsLate = {
  name: "load-builtins-late",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === "import-statement" && !LOADED_BUILTINS.has(path)
        ? { path, namespace: "builtin" }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "builtin" }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== "default");
      const getters = names.map((name) => `get ${name}() { return load().${name}; }`);
      const load = `process.getBuiltinModule(${JSON.stringify(path)})`;
      return {
        loader: "js",
        contents: `let found; const load = () => (found ??= ${load}); module.exports = { ${getters.join(", ")} };`,
      };
    });
  },
};

/** No code of ours speaks but English; the 50 other languages of zod's messages are as much text as the compiler. */
const leaveLocalesOut = {
  name: "leave-locales-out",
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      loader: "js",
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

async function makeBundle(folder, name) {
  const started = Date.now();
  const { dependencies } = JSON.parse(fs.readFileSync(join(root, "package.json"), "utf8"));
  const outdir = join(folder, name);
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[hash]",
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    format: "esm",
    platform: "node",
    target: `node${process.versions.node}`,
    // The build for browsers does not ask for an environment variable at each token.
    alias: { yaml: join(root, "node_modules/yaml/browser/index.js") },
    external: Object.keys(dependencies)
      .filter((dependency) => !INLINED.has(dependency))
      .flatMap((dependency) => [dependency, `${dependency}/*`]),
    plugins: [keepPlaces, loadBuiltinsLate, leaveLocalesOut],
    tsconfigRaw: {},
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs)
    .filter((input) => !input.startsWith("builtin:"))
    .map((input) => resolve(root, input));
  const others = ["package-lock.json", "package.json", "node_modules/.package-lock.json"].map(
    (name) => join(root, name),
  );
  const sources = [...inputs, ...others].filter((path) => fs.existsSync(path));
  const stamps = sources.map((path) => [path, stampOf(path)]);
  if (sources.some((path) => fs.statSync(path).ctimeMs > started - SETTLE_MS)) return;

  fs.mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of outputFiles) fs.writeFileSync(path, contents, { flush: true });
  warmUp(join(outdir, "main.mjs"));
  const files = [...stamps, ...outputFiles.map(({ path }) => [path, stampOf(path)])];
  const draft = join(outdir, "bundle.json");
  const record = { node: nodeMark(), entry: `${name}/main.mjs`, files };
  fs.writeFileSync(draft, JSON.stringify(record), { flush: true });
  fs.renameSync(draft, recordFile(folder));
}

/**
 * Node keeps compiled code as the first run leaves it, so the first run is one that uses most of the compiler. It writes nothing, and how it
 * ends does not matter.
 */
function warmUp(main) {
  const cache = join(root, "node_modules", ".cache", "node-compile");
  const env = { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? cache };
  spawnSync(process.execPath, [main, "compile", "templates/storefront", "--check"], {
    ...{ cwd: root, env, stdio: "ignore", timeout: WARM_UP_MS },
  });
}

/** Removes bundles that were replaced, or broken off while they were made. */
function removeOld(folder, current) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === current) continue;
    const path = join(folder, entry.name);
    if (Date.now() - fs.statSync(path).mtimeMs > KEEP_MS) fs.rmSync(path, { recursive: true });
  }
}

/** True when this process is the one that builds; a lock that a dead builder left is taken over. */
function takeTurn(lock) {
  const stats = fs.statSync(lock, { throwIfNoEntry: false });
  if (stats !== undefined && Date.now() - stats.mtimeMs > BUILD_MS) fs.rmSync(lock);
  try {
    fs.writeFileSync(lock, "", { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

try {
  const folder = bundleFolder(root);
  const lock = join(folder, "building");
  fs.mkdirSync(folder, { recursive: true });
  if (takeTurn(lock)) {
    try {
      const name = `${Date.now().toString(36)}-${process.pid}`;
      if (findBundle(root) === undefined) await makeBundle(folder, name);
      removeOld(folder, name);
    } finally {
      fs.rmSync(lock, { force: true });
    }
  }
} catch {
  process.exitCode = 1;
}
