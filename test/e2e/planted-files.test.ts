import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findEngine } from "../../src/deploy/find-engine.ts";
import { findOpentofu } from "../../src/deploy/opentofu/find-opentofu.ts";
import { thisMachine } from "../../src/deploy/this-machine.ts";
import { makeProject, type Project } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

/** Whoever writes into the project's folders must not get code into a run: it would have the stack's access token and the passphrase. */
let project: Project;
/** One for each engine. */
function useProject(): void {
  beforeAll(() => {
    project = makeProject("minimal");
  });
  afterAll(() => project.remove());
}

const marker = () => join(project.folder, "ran");
const inStack = (path: string) => join(project.folder, "stacks/minimal", path);

function plant(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function expectDone(...args: readonly string[]): Promise<void> {
  const done = await runCli([...args, "--json"], { cwd: project.folder });
  expect(done.code, `${args.join(" ")}\n${done.stdout}\n${done.stderr}`).toBe(0);
  expect(existsSync(marker()), `${args.join(" ")} ran what was planted`).toBe(false);
  const programs = join(project.folder, ".supercargo/programs");
  expect(existsSync(programs) ? readdirSync(programs) : []).toEqual([]);
}

const engines = {
  pulumi: await findEngine(thisMachine()),
  opentofu: await findOpentofu(thisMachine()),
};
for (const [name, engine] of Object.entries(engines))
  if (engine === undefined)
    console.warn(`skipped what is planted for ${name}: it is not on this machine`);

describe.skipIf(engines.opentofu === undefined)("OpenTofu", { timeout: 600_000 }, () => {
  useProject();
  const opentofu = ["--engine", "opentofu"];
  const command = (when: string) => [
    { "local-exec": { when, command: `env > ${JSON.stringify(marker())}` } },
  ];

  function plantFiles(): void {
    const provisioner = command("create");
    const planted = { resource: { terraform_data: { planted: { provisioner } } } };
    for (const name of ["z_override.tf.json", "planted.tf.json", "planted.tofu.json"])
      plant(inStack(`opentofu/${name}`), JSON.stringify(planted));
    plant(
      inStack("opentofu/planted.tf"),
      'import {\n  to = terraform_data.planted\n  id = "1"\n}\n',
    );
    plant(inStack("opentofu/planted.auto.tfvars"), 'passphrase = "known"\n');
    const source = { evil: { source: "example/evil" } };
    const terraform = { required_providers: source };
    plant(inStack("opentofu/more.tf.json"), JSON.stringify({ terraform }));
  }

  test("compile --check lists what lies beside the configuration, compile removes it", async () => {
    await expectDone("compile", ...opentofu);
    plant(inStack("opentofu/.terraform.lock.hcl"), "# a person's own run\n");
    await expectDone("compile", "--check", ...opentofu);
    plantFiles();
    const check = await runCli(["compile", "--check", ...opentofu], { cwd: project.folder });
    expect(check.code).toBe(1);
    expect(check.stderr).toContain("stacks/minimal/opentofu/z_override.tf.json is orphan");
    await expectDone("compile", ...opentofu);
    expect(readdirSync(inStack("opentofu")).sort()).toEqual([
      ".terraform.lock.hcl",
      "main.tf.json",
    ]);
  });

  test("preview, up, status, rotate and destroy run what was generated and nothing else", async () => {
    for (const act of [["preview"], ["up"], ["status"], ["rotate"]]) {
      plantFiles();
      await expectDone(...act, ...opentofu);
    }
    plantFiles();
    const main = JSON.parse(readFileSync(inStack("opentofu/main.tf.json"), "utf8"));
    main.resource.cloudflare_workers_kv_namespace.visits.provisioner = command("destroy");
    writeFileSync(inStack("opentofu/main.tf.json"), JSON.stringify(main));
    await expectDone("status");
    await expectDone("destroy", "--yes", ...opentofu);
  });
});

describe.skipIf(engines.pulumi === undefined)("Pulumi", { timeout: 600_000 }, () => {
  useProject();
  const write = () => `require("node:fs").writeFileSync(${JSON.stringify(marker())}, "")`;
  const PACKAGES = ["@pulumi/cloudflare", "@pulumi/pulumi"];

  /** In each folder in which Node looks before it comes to what we linked. */
  function plantPackages(): void {
    for (const name of PACKAGES) {
      for (const folder of [inStack("node_modules"), join(project.folder, "stacks/node_modules")]) {
        plant(join(folder, name, "package.json"), JSON.stringify({ name, main: "index.cjs" }));
        plant(join(folder, name, "index.cjs"), write());
        for (const entry of ["cmd/run/index.js", "cmd/dynamic-provider/index.js"])
          plant(join(folder, name, entry), write());
      }
    }
    rmSync(join(project.folder, "node_modules/@pulumi/cloudflare"), {
      recursive: true,
      force: true,
    });
    plant(join(project.folder, "node_modules/@pulumi/cloudflare/package.json"), '{"main":"i.cjs"}');
    plant(join(project.folder, "node_modules/@pulumi/cloudflare/i.cjs"), write());
  }

  test("preview, up, rotate and destroy take programs and packages from nowhere else", async () => {
    for (const act of [["preview"], ["up"], ["rotate"]]) {
      plantPackages();
      await expectDone(...act);
    }
    plantPackages();
    plant(
      join(project.folder, "planted/pulumi-resource-cloudflare"),
      `#!/bin/sh\n: > ${marker()}\n`,
    );
    const file = inStack("Pulumi.yaml");
    const path = join(project.folder, "planted");
    const plugins = `plugins:\n  providers:\n    - { name: cloudflare, path: ${path} }\n`;
    writeFileSync(file, `${readFileSync(file, "utf8")}${plugins}`);
    writeFileSync(
      inStack("index.ts"),
      `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(marker())}, "");\n`,
    );
    await expectDone("destroy", "--yes");
  });
});
