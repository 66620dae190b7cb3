import * as fs from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The library's entry, which leads to all there is. */
export const LIBRARY = join("src", "index.ts");

/** esbuild's plugins for the bundle of one command of the clone at `root`. */
export function bundlePlugins(root, command) {
  return [
    leaveCommandsOut(root, command),
    takeOnlyWhatIsNamed(root),
    keepPlaces,
    loadLate(root),
    leaveLocalesOut,
  ];
}

/** The other commands stay where they are. Our modules do nothing but declare, so one of which nothing is used is left out, too. */
const leaveCommandsOut = (root, command) => ({
  name: "leave-commands-out",
  setup({ onResolve }) {
    const commands = join(root, "src", "cli", "commands");
    onResolve({ filter: /^\..*\.ts$/ }, ({ path: specifier, resolveDir, kind }) => {
      const path = resolve(resolveDir, specifier);
      const isOther =
        kind === "dynamic-import" &&
        dirname(path) === commands &&
        path !== join(commands, `${command}.ts`);
      return isOther
        ? { path: pathToFileURL(path).href, external: true }
        : { path, sideEffects: false };
    });
  },
});

/** `const { a } = await import(...)` of the library brings in the module of `a` alone. */
const takeOnlyWhatIsNamed = (root) => ({
  name: "take-only-what-is-named",
  setup({ onLoad, onResolve }) {
    const library = join(root, LIBRARY);
    const origins = new Map();
    for (const [, names, from] of fs
      .readFileSync(library, "utf8")
      .matchAll(/^export \{([^}]*)\} from "([^"]+)"/gm))
      for (const name of names.split(",")) origins.set(name.trim(), from);
    onResolve({ filter: /^named:/ }, ({ path }) => ({
      path: path.slice("named:".length),
      namespace: "named",
      sideEffects: false,
    }));
    onLoad({ filter: /./, namespace: "named" }, ({ path: names }) => ({
      loader: "js",
      resolveDir: dirname(library),
      contents: names
        .split(",")
        .map((name) => `export { ${name} } from ${JSON.stringify(origins.get(name))};`)
        .join("\n"),
    }));
  },
});

const NAMED_IMPORT = /const \{([\w\s,]+)\} = await import\("(?:\.\.\/)+index\.ts"\)/g;

/** The text of a source does not say where it stood, so it is told. */
const keepPlaces = {
  name: "keep-places",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
      const contents = fs
        .readFileSync(path, "utf8")
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replace(NAMED_IMPORT, nameImport);
      return { loader: "ts", contents };
    });
  },
};

function nameImport(_, list) {
  const names = list.split(",").map((name) => name.trim());
  const wanted = names.filter((name) => name !== "").join(",");
  return `const {${list}} = await import("named:${wanted}")`;
}

/** Packages that few manifests need are loaded when something of them is used. */
const LATE_PACKAGES = new Map([
  // The build for browsers does not ask for an environment variable at each token.
  ["yaml", "./node_modules/yaml/browser/index.js"],
  ["tldts", "tldts"],
]);

/** So are Node's modules: an `import` of `node:http` alone costs 20 ms, and one of `node:fs` 4. */
const loadLate = (root) => ({
  name: "load-late",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === "import-statement" ? { path, namespace: "late", sideEffects: false } : undefined,
    );
    onResolve({ filter: /^\w+$/ }, ({ path, namespace }) =>
      LATE_PACKAGES.has(path) && namespace !== "late"
        ? { path, namespace: "late", sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /./, namespace: "late" }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter(
        (name) => name !== "default" && name !== "module.exports",
      );
      const specifier = JSON.stringify(LATE_PACKAGES.get(path) ?? path);
      const load = LATE_PACKAGES.has(path) ? "require" : "process.getBuiltinModule";
      return {
        loader: "js",
        resolveDir: root,
        contents: defineLate(names, `${load}(${specifier})`),
      };
    });
  },
});

/** A module with these names, each of which is taken out of what `load` gives when it is used first, and is a plain property from then on. */
function defineLate(names, load) {
  return `
    let found;
    const enumerable = true;
    const take = (name) => {
      const value = (found ??= ${load})[name];
      Object.defineProperty(module.exports, name, { enumerable, value });
      return value;
    };
    for (const name of ${JSON.stringify(names.join(" "))}.split(" "))
      Object.defineProperty(module.exports, name, { configurable: true, enumerable, get: () => take(name) });`;
}

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
