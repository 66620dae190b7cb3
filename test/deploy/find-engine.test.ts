import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { buildEngine } from "../../src/deploy/build-engine.ts";
import type { BuildProgress } from "../../src/deploy/build-go-program.ts";
import { withBuildLock } from "../../src/deploy/build-lock.ts";
import { diagnoseMachine } from "../../src/deploy/doctor.ts";
import { ENGINE_VERSION, type Machine } from "../../src/deploy/engine.ts";
import { buildEngineEnvironment, findUnsafeSwitches } from "../../src/deploy/engine-environment.ts";
import { findEngine } from "../../src/deploy/find-engine.ts";
import { ensureEngine } from "../../src/deploy/install-engine.ts";
import {
  builtEngineFolder,
  engineCacheFolder,
  passphraseFile,
} from "../../src/deploy/machine-folders.ts";
import { ensurePassphraseFile } from "../../src/deploy/passphrase.ts";

const base = mkdtempSync(join(tmpdir(), "supercargo-find-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

let home: string;
let machine: Machine;
beforeEach(() => {
  home = mkdtempSync(join(base, "home-"));
  machine = {
    env: { PATH: "/usr/bin:/bin" },
    node: process.execPath,
    home,
    platform: process.platform,
  };
});

function script(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

/** A folder with an engine that says it is of this version and writes down each time that it is asked. */
function fakeEngine(name: string, version: string, companions = true): string {
  const folder = join(home, name);
  script(join(folder, "pulumi"), `echo asked >> '${folder}/asked'; echo ${version}`);
  if (companions) {
    script(join(folder, "pulumi-language-nodejs"), "true");
    script(join(folder, "pulumi-resource-pulumi-nodejs"), "true");
  }
  return folder;
}

const withPath = (...folders: string[]): Machine => ({
  ...machine,
  env: { ...machine.env, PATH: [...folders, "/usr/bin", "/bin"].join(":") },
});

describe("findEngine", () => {
  it("finds none on a bare machine", async () => {
    expect(await findEngine(machine)).toBeUndefined();
  });

  it("takes the first good one on the PATH: new enough, and with its Node.js host", async () => {
    const old = fakeEngine("old", "v3.100.0");
    const alone = fakeEngine("alone", "v3.260.0", false);
    const good = fakeEngine("good", "v3.260.1");
    const other = fakeEngine("other", "v4.0.0");
    expect(await findEngine(withPath(old, alone, other, good))).toEqual({
      command: join(good, "pulumi"),
      version: "3.260.1",
      source: "path",
      folders: [good, expect.stringContaining("stand-in-")],
      id: "pulumi",
      cloudflarePlugin: "stand-in",
    });
    await findEngine(withPath(good));
    expect(readFileSync(join(good, "asked"), "utf8")).toBe("asked\n");
  });

  it("prefers the folder that is given, and takes no other when that one is not whole", async () => {
    const good = fakeEngine("good", "v3.260.1");
    const given = fakeEngine("given", "v1.0.0");
    const on = withPath(good);
    expect(
      await findEngine({ ...on, env: { ...on.env, SUPERCARGO_ENGINE_BIN: given } }),
    ).toMatchObject({ source: "given", command: join(given, "pulumi") });
    const broken = { ...on, env: { ...on.env, SUPERCARGO_ENGINE_BIN: join(home, "nowhere") } };
    expect(await findEngine(broken)).toBeUndefined();
    expect(await ensureEngine(broken)).toMatchObject({
      ok: false,
      error: { code: "engine-missing" },
    });
  });

  it("uses the real Cloudflare plugin once Pulumi has it, and never the real ones of a cloud or Docker", async () => {
    const good = fakeEngine("good", "v3.260.1");
    mkdirSync(join(home, ".pulumi", "plugins", "resource-cloudflare-v6.22.1"), { recursive: true });
    const found = await findEngine(withPath(good));
    expect(found).toMatchObject({
      cloudflarePlugin: "real",
      folders: [good, expect.stringContaining("stand-in-")],
    });
    expect(readdirSync(found?.folders[1] ?? "")).toEqual([
      "pulumi-resource-aws",
      "pulumi-resource-azure",
      "pulumi-resource-docker",
      "pulumi-resource-gcp",
      "pulumi-resource-netlify",
      "pulumi-resource-vercel",
    ]);
  });
});

describe("buildEngine", () => {
  /** A `go` that makes scripts instead of binaries. */
  function fakeGo(body: string): string {
    const path = join(home, "go-bin", "go");
    script(path, body);
    return path;
  }
  const BUILD = `
cat go.mod go.sum >> "$HOME/mods"; echo "$@" >> "$HOME/args"; env > "$HOME/env"
for last; do :; done
while [ "$1" != -o ]; do shift; done
echo compiling >&2; sleep 1.2
printf '#!/bin/sh\\necho v${ENGINE_VERSION} "$@" "$PULUMI_CONFIG_PASSPHRASE_FILE"; command -v pulumi-resource-cloudflare node\\n' > "$2"
chmod 755 "$2"`;

  it("makes a whole engine or nothing, from pinned modules, in a scrubbed environment", async () => {
    const progress: BuildProgress[] = [];
    const go = fakeGo(BUILD);
    const hostile = {
      ...machine,
      env: { ...machine.env, HOME: home, CLOUDFLARE_API_TOKEN: "canary", GOPROXY: "direct" },
    };
    const options = { go, onProgress: (p: BuildProgress) => progress.push(p) };
    const isBuilt = async () => (await findEngine(hostile)) !== undefined;
    expect(await buildEngine(hostile, { ...options, isBuilt })).toEqual({ ok: true });
    expect(progress.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["language host", "engine"]),
    );
    expect(readFileSync(join(home, "mods"), "utf8")).toContain(
      "github.com/pulumi/pulumi/pkg/v3 v3.255.0 h1:",
    );
    expect(readFileSync(join(home, "args"), "utf8")).toContain("-trimpath");
    const seen = readFileSync(join(home, "env"), "utf8");
    expect(seen).toContain("GOPROXY=direct");
    expect(seen).not.toContain("canary");

    const engine = await findEngine(hostile);
    expect(engine).toMatchObject({ source: "built", version: ENGINE_VERSION });
    expect(await buildEngine(hostile, { go: "/nowhere", isBuilt })).toEqual({ ok: true });
  });

  it.each([
    ["off", "sum.golang.org"],
    ["sum.example.com+c0ffee+key", "sum.golang.org"],
    ["sum.golang.org http://mirror.example.com", "sum.golang.org"],
    ["sum.golang.org https://mirror.example.com", "sum.golang.org https://mirror.example.com"],
  ])(
    "leaves Go's checksum database on, whatever the machine says: GOSUMDB=%s",
    async (said, used) => {
      const env = {
        ...{ ...machine.env, HOME: home, GOSUMDB: said, GOFLAGS: "-insecure -toolexec=/bin/evil" },
        ...{ GONOSUMDB: "*", GONOSUMCHECK: "1", GOPRIVATE: "*", GOINSECURE: "*", GOWORK: "/evil" },
        ...{
          GOENV: "/evil",
          GOCACHEPROG: "/bin/evil",
          GOAUTH: "/bin/evil",
          GOPROXY: "https://near",
        },
      };
      await buildEngine({ ...machine, env }, { go: fakeGo(BUILD), isBuilt: async () => false });
      const seen = readFileSync(join(home, "env"), "utf8").split("\n");
      expect(seen.filter((line) => line.startsWith("GO")).sort()).toEqual([
        "GOFLAGS=-mod=mod",
        "GOINSECURE=none",
        "GONOSUMDB=none",
        "GOPRIVATE=none",
        "GOPROXY=https://near",
        `GOSUMDB=${used}`,
        "GOWORK=off",
      ]);
    },
  );

  it("gives a `pulumi` for the PATH that sets what is unset and finds node and the stand-in", async () => {
    const hostile = { ...machine, env: { ...machine.env, HOME: home } };
    await buildEngine(hostile, { go: fakeGo(BUILD), isBuilt: async () => false });
    await findEngine(hostile);
    const pulumi = join(builtEngineFolder(machine), "bin", "pulumi");
    const env = { PATH: "/usr/bin:/bin", HOME: home };
    const said = execFileSync(pulumi, ["preview"], { env, encoding: "utf8" });
    expect(said.split("\n").slice(0, 2)).toEqual([
      `v${ENGINE_VERSION} preview ${passphraseFile(machine)}`,
      expect.stringMatching(/stand-in-[0-9a-f]{12}\/pulumi-resource-cloudflare$/),
    ]);
    const own = execFileSync(pulumi, [], {
      env: { ...env, PULUMI_CONFIG_PASSPHRASE: "" },
      encoding: "utf8",
    });
    expect(own.split("\n")[0]?.trim()).toBe(`v${ENGINE_VERSION}`);
  });

  it("leaves nothing behind when it fails, and says why", async () => {
    const go = fakeGo("echo 'go: no such module' >&2; exit 1");
    const isBuilt = async () => false;
    expect(await buildEngine(machine, { go, isBuilt })).toEqual({
      ok: false,
      reason: "go: no such module",
    });
    expect(await buildEngine(machine, { go: join(home, "no-go"), isBuilt })).toEqual({
      ok: false,
      reason: "go is not on the PATH",
    });
    expect(existsSync(builtEngineFolder(machine))).toBe(false);
    expect(execFileSync("ls", [engineCacheFolder(machine)], { encoding: "utf8" })).toBe("");
  });

  it("lets one build run at a time and takes over from a dead one", async () => {
    const folder = join(home, "x.lock");
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withBuildLock(folder, () => {}, work)));
    expect(most).toBe(1);
    mkdirSync(folder);
    writeFileSync(join(folder, "owner.json"), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 0 }));
    await withBuildLock(folder, () => expect.unreachable("waits for a dead process"), work);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("the environment of a run", () => {
  it("holds what is allowed and nothing else", async () => {
    const good = fakeEngine("good", "v3.260.1");
    const engine = await findEngine(withPath(good));
    if (engine === undefined) throw new Error("no engine");
    const env = {
      PATH: "/evil",
      LANG: "C.UTF-8",
      LC_ALL: "C",
      HTTPS_PROXY: "http://proxy",
      CLOUDFLARE_API_KEY: "canary",
      AWS_SECRET_ACCESS_KEY: "canary",
      STRIPE_API_KEY: "canary",
      NODE_OPTIONS: "--require /evil.js",
      PULUMI_ACCESS_TOKEN: "canary",
      PULUMI_OPTION_REFRESH: "true",
    };
    const built = buildEngineEnvironment({ ...machine, env }, engine, { SUPERCARGO_X: "1" });
    expect(Object.keys(built).toSorted()).toEqual([
      "HOME",
      "HTTPS_PROXY",
      "LANG",
      "LC_ALL",
      "NODE_COMPILE_CACHE",
      "PATH",
      "PULUMI_CONFIG_PASSPHRASE_FILE",
      "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
      "PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
      "PULUMI_SKIP_UPDATE_CHECK",
      "SUPERCARGO_X",
    ]);
    expect(JSON.stringify(built)).not.toMatch(/canary|evil/);
    expect(built.PATH?.startsWith(`${good}:`)).toBe(true);
  });

  it("names switches that take away the engine's safety", () => {
    expect(findUnsafeSwitches({ PULUMI_SKIP_CHECKPOINTS: "false", PULUMI_HOME: "/x" })).toEqual([]);
    const env = {
      PULUMI_SKIP_CHECKPOINTS: "true",
      PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "1",
    };
    expect(findUnsafeSwitches(env)).toEqual(Object.keys(env).toSorted());
  });

  it("makes one passphrase, readable by its owner alone", () => {
    const path = ensurePassphraseFile(machine);
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^[\w-]{43}\n$/);
    chmodSync(path, 0o644);
    expect(ensurePassphraseFile(machine)).toBe(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});

describe("diagnoseMachine", () => {
  it("says of each thing whether it is there and what to do when it is not", async () => {
    const checks = await diagnoseMachine(machine, join(home, "project"));
    const named = new Map(checks.map((check) => [check.name, check]));
    expect(named.get("node")).toMatchObject({ ok: true, found: process.version });
    expect(named.get("npm packages")).toMatchObject({ ok: true });
    expect(named.get("workerd")).toMatchObject({ ok: true });
    expect(named.get("engine")).toMatchObject({ ok: false, found: "none" });
    for (const check of checks)
      expect(check.ok || check.remedy !== undefined, check.name).toBe(true);
    const good = fakeEngine("good", "v3.260.1");
    const better = await diagnoseMachine(withPath(good), join(home, "project"));
    expect(better.filter((check) => !check.ok)).toEqual([]);
  });
});
