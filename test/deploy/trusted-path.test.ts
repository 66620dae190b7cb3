import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Machine } from "../../src/deploy/engine.ts";
import { findEngine } from "../../src/deploy/find-engine.ts";
import { findOpentofu } from "../../src/deploy/opentofu/find-opentofu.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { trustedPath } from "../../src/deploy/trusted-path.ts";
import { runCli } from "../support/run-cli.ts";

let base: string;
let project: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "supercargo-path-"));
  project = join(base, "project");
  mkdirSync(project);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const marker = () => join(base, "ran");

/** Programs that say what is hoped to hear, and leave a mark when they are started. */
function plant(folder: string, opentofu = "1.12.6"): string {
  mkdirSync(folder, { recursive: true });
  const script = (name: string, says: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n: > '${marker()}'\necho '${says}'\n`);
    chmodSync(join(folder, name), 0o755);
  };
  script("pulumi", "v3.255.0");
  script("pulumi-language-nodejs", "");
  script("pulumi-resource-pulumi-nodejs", "");
  script("tofu", `OpenTofu v${opentofu}`);
  script("go", "go version go1.30.0 linux/amd64");
  return folder;
}

/** A machine without engines of its own. */
function machineWith(path: string): Machine {
  const env = {
    PATH: path,
    XDG_CACHE_HOME: join(base, "cache"),
    XDG_DATA_HOME: join(base, "data"),
  };
  return { ...thisMachine({ env, projects: [project] }), home: base };
}

describe("the PATH in which engines are looked for", () => {
  it("is the system's own where nothing else is left, and never the working folder", () => {
    for (const path of [undefined, "", ".", "node_modules/.bin", join(project, "bin")])
      expect(trustedPath(path, [project], base)).toBe("/usr/bin:/bin");
  });

  it("keeps what a person installed at home, also where a project is named from there", () => {
    const own = plant(join(base, ".pulumi", "bin"));
    const planted = plant(join(project, "bin"));
    expect(trustedPath([own, planted].join(":"), [base, project], base)).toBe(own);
  });

  it("leaves out every node_modules, the project's folders and what is not absolute", () => {
    const linked = join(base, "linked");
    symlinkSync(plant(join(project, "tools")), linked);
    const good = plant(join(base, "good"));
    const beside = plant(join(base, "project-tools"));
    const path = [
      join(project, "node_modules/.bin"),
      plant(join(base, "node_modules/.bin")),
      project,
      join(project, "tools"),
      `${good}/../project/tools`,
      linked,
      "node_modules/.bin",
      ".",
      "",
      good,
      beside,
      "/usr/bin",
    ].join(":");
    expect(trustedPath(path, [project], base)).toBe([good, beside, "/usr/bin"].join(":"));
    expect(trustedPath("/usr/local/bin", ["/"], base)).toBe("/usr/local/bin");
  });

  it("finds no engine that a project brings, not even to ask for its version", async () => {
    const places = [join(project, "node_modules/.bin"), join(base, "node_modules/.bin"), project];
    for (const place of places) {
      const machine = machineWith(plant(place));
      expect(await findEngine(machine)).toBeUndefined();
      expect(await findOpentofu(machine)).toBeUndefined();
    }
    expect(existsSync(marker())).toBe(false);
    const machine = machineWith(plant(join(base, "good")));
    expect(await findEngine(machine)).toMatchObject({ source: "path" });
    expect(await findOpentofu(machine)).toMatchObject({ source: "path", version: "1.12.6" });
  });

  it("takes no OpenTofu of another major version", async () => {
    for (const version of ["1.11.9", "2.0.0", "2.13.0", "0.99.0"]) {
      const machine = machineWith(plant(join(base, version), version));
      expect(await findOpentofu(machine), version).toBeUndefined();
    }
  });

  it("starts nothing of the project from the command line", async () => {
    writeFileSync(join(project, "supercargo.yaml"), "");
    const bin = plant(join(project, "node_modules/.bin"));
    const env = {
      PATH: [
        bin,
        plant(join(project, "tools")),
        dirname(process.execPath),
        "/usr/bin",
        "/bin",
      ].join(":"),
      XDG_CACHE_HOME: join(base, "cache"),
    };
    const { stdout } = await runCli(["doctor", "--json"], { cwd: project, env });
    expect(stdout).toContain('"engine"');
    for (const folder of ["node_modules", "tools"])
      expect(stdout).not.toContain(join(project, folder));
    expect(existsSync(marker())).toBe(false);
  });
});
