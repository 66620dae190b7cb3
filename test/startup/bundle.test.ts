import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  BUNDLED_COMMANDS,
  type BundledCommand,
  bundleFolder,
  codeFile,
  findBundle,
  recordFile,
} from "../../src/startup/find-bundle.mjs";
import { sampleManifests } from "../compile/random-manifests.ts";
import { listProcesses } from "../support/list-processes.ts";
import { PROJECT_ROOT } from "../support/run-cli.ts";

// A builder in the background, which a test may have to wait for, takes long on a busy machine.
vi.setConfig({ testTimeout: 300_000 });

const scratch = mkdtempSync(join(tmpdir(), "supercargo-bundle-"));
const clone = join(scratch, "clone");
const folder = () => bundleFolder(clone);
const HOME = join(scratch, "home");

/** Runs a program of the clone with the Node of this test. */
function run(
  program: string,
  args: readonly string[],
  cwd = clone,
  home = HOME,
): SpawnSyncReturns<string> {
  const env = { ...process.env, HOME: home, NO_COLOR: "1", NODE_OPTIONS: "" };
  return spawnSync(process.execPath, [join(clone, program), ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
}

const find = (command: BundledCommand = "compile") => findBundle(clone, command);

/** Builds until there is a bundle of every command, and gives that of `compile`: one of sources that changed a moment ago is not made. */
async function build(): Promise<string> {
  // One that an earlier command started would put back what the test then damages.
  await awaitBuilders();
  for (let attempt = 0; attempt < 120; attempt++) {
    const bundles = BUNDLED_COMMANDS.map(find);
    const bundle = find();
    if (bundle !== undefined && !bundles.includes(undefined)) return bundle;
    run("src/startup/build-bundle.mjs", []);
    if (find() === undefined) await delay(500);
  }
  throw new Error("no bundle was made");
}

/** Everything below a folder: path -> text. */
function readTree(root: string): Readonly<Record<string, string>> {
  if (!existsSync(root)) return {};
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(root.length), readFileSync(path, "utf8")];
    }),
  );
}

/** What a command line answers and leaves behind in a fresh copy of a project. */
function answer(program: string, project: string, args: readonly string[], home = HOME) {
  const copy = join(scratch, "work");
  rmSync(copy, { recursive: true, force: true });
  cpSync(project, copy, { recursive: true });
  const { status, stdout, stderr } = run(program, args, copy, home);
  return { status, stdout, stderr, files: readTree(join(copy, "stacks")) };
}

/** The URLs of all scripts that a command line runs. */
function scriptsOf(args: readonly string[]): readonly string[] {
  const coverage = join(scratch, "coverage");
  rmSync(coverage, { recursive: true, force: true });
  const env = { ...process.env, HOME, NODE_V8_COVERAGE: coverage };
  spawnSync(process.execPath, [join(clone, "src/bootstrap.mjs"), ...args], { cwd: scratch, env });
  return readdirSync(coverage).flatMap((name) => {
    const text = readFileSync(join(coverage, name), "utf8");
    const { result } = JSON.parse(text) as { readonly result: readonly { readonly url: string }[] };
    return result.map(({ url }) => url);
  });
}

/** Until no builder runs in the background: one that a command started may still write after its folder was removed. */
async function awaitBuilders(): Promise<void> {
  const program = join(clone, "src/startup/build-bundle.mjs");
  const isBuilding = () => listProcesses().some(({ command }) => command.includes(program));
  await vi.waitFor(() => expect(isBuilding()).toBe(false), { timeout: 60_000 });
}

async function removeBundles(): Promise<void> {
  await awaitBuilders();
  rmSync(folder(), { recursive: true, force: true });
}

function writeProject(name: string, manifest: string): string {
  const project = join(scratch, "projects", name);
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "supercargo.yaml"), manifest);
  return project;
}

/**
 * A clone whose `node_modules` is a folder of its own with links to the packages, and without a lockfile: whatever a test does to it, the
 * bootstrap installs nothing, and nothing that it could install into is shared.
 */
beforeAll(async () => {
  const installed = join(PROJECT_ROOT, "node_modules");
  const modules = join(clone, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of ["src", "templates", "package.json"])
    cpSync(join(PROJECT_ROOT, name), join(clone, name), { recursive: true });
  for (const name of readdirSync(installed).filter((entry) => !entry.startsWith(".")))
    symlinkSync(join(installed, name), join(modules, name));
  await build();
});

afterAll(async () => {
  await awaitBuilders();
  rmSync(scratch, { recursive: true, force: true });
});

describe("a bundle answers as the sources do", () => {
  const projects: readonly (readonly [string, () => string])[] = [
    ["the storefront", () => join(PROJECT_ROOT, "templates/storefront")],
    ["the minimal template", () => join(PROJECT_ROOT, "templates/minimal")],
    ["a manifest with errors", () => writeProject("wrong", "apiVersion: 1\nnmae: [\n")],
    ["a folder without a manifest", () => writeProject("none/..", "")],
    ...sampleManifests(1).map(
      (manifest, i) =>
        [`random manifest ${i}`, () => writeProject(`random${i}`, manifest)] as const,
    ),
  ];
  const calls = [
    ["compile"],
    ["compile", "--json"],
    ["compile", "--stakc", "x"],
    ["validate", "--stack", "elsewhere", "--json"],
  ];
  test.each(projects)("%s", async (_, make) => {
    const project = make();
    for (const call of calls) {
      await build();
      expect(answer("src/bootstrap.mjs", project, call)).toEqual(
        answer("src/cli/main.ts", project, call),
      );
    }
  });

  test("a preview by the real engine", async () => {
    // The engine is found below the user's own home.
    const home = homedir();
    const project = join(PROJECT_ROOT, "templates/minimal");
    await build();
    const bundled = answer("src/bootstrap.mjs", project, ["preview", "--json"], home);
    expect(bundled.status, bundled.stderr).toBe(0);
    expect(bundled).toEqual(answer("src/cli/main.ts", project, ["preview", "--json"], home));
  });

  test("it is the bundle that answers", async () => {
    await build();
    for (const command of ["validate", "compile"] as const) {
      const bundle = find(command) ?? "";
      expect(readFileSync(bundle, "utf8")).not.toContain("import type");
      const ran = scriptsOf([command, join(clone, "templates/minimal")]);
      expect(ran).toContain(pathToFileURL(bundle).href);
      expect(ran).not.toContain(pathToFileURL(join(clone, "src/cli/main.ts")).href);
    }
  });
});

test("a bundle is one file with its code, and loads no package and no module of Node before it is used", async () => {
  const folder = join(await build(), "..");
  const files = BUNDLED_COMMANDS.flatMap((name) => [`${name}.code`, `${name}.js`]);
  expect(readdirSync(folder).sort()).toEqual(files.sort());
  const texts = BUNDLED_COMMANDS.map((name) => readFileSync(join(folder, `${name}.js`), "utf8"));
  const imports = /(?:^|[;}])\s*(?:import|export)\s*(?:[\w*{][^;"]*?\bfrom\s*)?"([^"]+)"/g;
  const imported = texts
    .flatMap((text) => [...text.matchAll(imports)])
    .map(([, specifier = ""]) => specifier)
    .filter((specifier) => /^(?:node:)?[\w@][\w@/:-]*$/.test(specifier));
  expect(imported).toEqual([]);
  for (const text of texts) {
    const required = text.match(/__require\("/g) ?? [];
    const requiredLate =
      text.match(/Promise\.resolve\(\)\.then\(\(\)=>__toESM\(__require\("/g) ?? [];
    expect(required.length).toBeGreaterThan(0);
    expect(requiredLate.length).toBe(required.length);
  }
});

test("V8 takes the code that is kept with a bundle", async () => {
  await build();
  for (const command of BUNDLED_COMMANDS) {
    const bundle = find(command) ?? "";
    const program = `
      const { readFileSync } = require("node:fs");
      const [, bundle, code] = process.argv;
      const options = { filename: bundle, cachedData: readFileSync(code) };
      console.log(new (require("node:vm").Script)(readFileSync(bundle, "utf8"), options).cachedDataRejected);`;
    const args = ["--input-type=commonjs", "-e", program, bundle, codeFile(bundle)];
    const env = { ...process.env, NODE_OPTIONS: "" };
    expect(spawnSync(process.execPath, args, { env, encoding: "utf8" }).stdout).toBe("false\n");
  }
});

test("where V8 refuses the code, as with other flags, the bundle answers all the same", async () => {
  await build();
  const program = join(clone, "src/bootstrap.mjs");
  const args = ["compile", join(clone, "templates/minimal"), "--check"];
  const [kept, compiled] = [[], ["--stack-size=900"]].map((flags) =>
    spawnSync(process.execPath, [...flags, program, ...args], { cwd: scratch, encoding: "utf8" }),
  );
  expect(kept?.status).toBe(compiled?.status);
  expect(kept?.stdout).toBe(compiled?.stdout);
  expect(kept?.stderr).toBe(compiled?.stderr);
  expect(find()).toBeDefined();
});

test("where the run that makes the code is given up, the bundle answers without, and is not made again", async () => {
  const warm = join(clone, "src/startup/warm-bundle.mjs");
  const text = readFileSync(warm, "utf8");
  writeFileSync(warm, "process.kill(process.pid, 'SIGKILL');");
  await removeBundles();
  const bundle = await build();
  expect(readFileSync(codeFile(bundle), "utf8")).toBe("");
  const command = ["compile", "templates/minimal", "--check"];
  const done = run("src/bootstrap.mjs", command);
  expect(done.stderr).toContain("stacks/minimal/Pulumi.yaml is missing");
  expect(find()).toBe(bundle);
  expect(readFileSync(codeFile(bundle), "utf8")).toBe("");
  writeFileSync(warm, text);
  await removeBundles();
  await build();
  const { status, stdout, stderr } = run("src/bootstrap.mjs", command);
  expect([done.status, done.stdout, done.stderr]).toEqual([status, stdout, stderr]);
});

test("where what would be bundled is no program, the sources answer", async () => {
  const sound = answer("src/bootstrap.mjs", join(clone, "templates/minimal"), ["compile"]);
  const builder = join(clone, "src/startup/build-bundle.mjs");
  const text = readFileSync(builder, "utf8");
  writeFileSync(builder, text.replace('js: "})"', 'js: "}) import"'));
  await removeBundles();
  // What changed a moment ago is not bundled yet.
  await delay(2_500);
  expect(run("src/startup/build-bundle.mjs", []).status).toBe(1);
  expect(find()).toBeUndefined();
  expect(answer("src/bootstrap.mjs", join(clone, "templates/minimal"), ["compile"])).toEqual(sound);
  writeFileSync(builder, text);
});

test("a bundle depends on what its command uses, and on nothing else", async () => {
  await build();
  const record = readFileSync(recordFile(folder(), "compile"), "utf8");
  for (const used of ["src/index.ts", "src/compiler/compile.ts", "/zod/"])
    expect(record).toContain(used);
  // The words of the broker's protocol are printed: they name the fields of our own kinds.
  const rest = record.replaceAll("src/broker/protocol.ts", "");
  for (const unused of ["src/broker/", "src/sandbox/", "commands/up.ts"])
    expect(rest).not.toContain(unused);
});

test("a bundle ends with the packages that it was made for", async () => {
  const record = join(clone, "node_modules", ".package-lock.json");
  writeFileSync(record, "{}");
  await removeBundles();
  await build();
  writeFileSync(record, '{ "packages": {} }');
  expect(find()).toBeUndefined();
  rmSync(record);
});

describe("what is not exactly right is not used", () => {
  const compile = () => answer("src/bootstrap.mjs", join(clone, "templates/minimal"), ["compile"]);

  test("a source changed, and its very size stayed", async () => {
    await build();
    const source = join(clone, "src/cli/commands/compile.ts");
    const text = readFileSync(source, "utf8");
    writeFileSync(source, text.replace("nothing changed", "nothing CHANGED"));
    utimesSync(source, 1, 1);
    expect(find()).toBeUndefined();
    compile();
    const again = run("src/bootstrap.mjs", ["compile"], join(scratch, "work"));
    expect(again.stdout).toContain("nothing CHANGED");
    writeFileSync(source, text);
  });

  test.each([
    ["it is missing", (bundle: string) => rmSync(bundle)],
    ["it is cut off", (bundle: string) => truncateSync(bundle, 100)],
    ["its code is missing", (bundle: string) => rmSync(codeFile(bundle))],
    ["its code is cut off", (bundle: string) => truncateSync(codeFile(bundle), 1000)],
    ["its code was written to", (bundle: string) => appendFileSync(codeFile(bundle), "1")],
    ["it was written to", (bundle: string) => appendFileSync(bundle, "\nthrow 1;")],
    ["the record is cut off", () => truncateSync(recordFile(folder(), "compile"), 1000)],
    [
      "the record is something else",
      () => writeFileSync(recordFile(folder(), "compile"), '{"files":[]}'),
    ],
    [
      "it was made by another Node",
      () => {
        const record = JSON.parse(readFileSync(recordFile(folder(), "compile"), "utf8")) as object;
        const other = JSON.stringify({ ...record, node: "v24.0.0 linux x64" });
        writeFileSync(recordFile(folder(), "compile"), other);
      },
    ],
  ])("%s", async (_, damage) => {
    const bundle = await build();
    const sound = compile();
    expect(sound.status).toBe(0);
    damage(bundle);
    expect(find()).toBeUndefined();
    expect(compile()).toEqual(sound);
  });

  test("no bundle can be kept", async () => {
    await build();
    const sound = compile();
    await removeBundles();
    writeFileSync(folder(), "in the way");
    expect(compile()).toEqual(sound);
    expect(run("src/startup/build-bundle.mjs", []).stderr).toBe("");
    rmSync(folder());
  });
});

describe("making a bundle", () => {
  test("a command that had none has one made once it ends", async () => {
    await removeBundles();
    for (let attempt = 0; attempt < 40 && find() === undefined; attempt++) {
      run("src/bootstrap.mjs", ["validate", "templates/minimal"]);
      await delay(500);
    }
    expect(find()).toBeDefined();
  });

  test("is left alone while another process is at it, and taken over from a dead one", async () => {
    await removeBundles();
    mkdirSync(folder(), { recursive: true });
    const lock = join(folder(), "building");
    for (const holder of ["", String(process.pid)]) {
      writeFileSync(lock, holder);
      run("src/startup/build-bundle.mjs", []);
      expect(readdirSync(folder())).toEqual(["building"]);
    }
    utimesSync(lock, 1, 1);
    await build();
    expect(existsSync(lock)).toBe(false);
  });

  test("is taken over at once where the process that was at it is gone", async () => {
    await removeBundles();
    mkdirSync(folder(), { recursive: true });
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(join(folder(), "building"), String(pid));
    run("src/startup/build-bundle.mjs", []);
    expect(find()).toBeDefined();
  });

  test.each([50, 200, 400])("killed after %i ms, it leaves nothing that is used", async (ms) => {
    await removeBundles();
    const program = join(clone, "src/startup/build-bundle.mjs");
    const child = spawn(process.execPath, [program], { stdio: "ignore" });
    const ended = once(child, "exit");
    await delay(ms);
    child.kill("SIGKILL");
    await ended;
    const bundle = find();
    const { status } = run("src/bootstrap.mjs", ["validate", "templates/minimal"]);
    expect(status).toBe(0);
    // Whole or not at all.
    if (bundle !== undefined) expect(existsSync(bundle)).toBe(true);
  });

  test("removes what was replaced a day ago", async () => {
    await build();
    await awaitBuilders();
    const old = join(await build(), "..");
    writeFileSync(recordFile(folder(), "compile"), "{}");
    utimesSync(old, 1, 1);
    const bundle = await build();
    expect(existsSync(old)).toBe(false);
    expect(existsSync(bundle)).toBe(true);
  });
});
