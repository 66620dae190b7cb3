import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SHIM_TEXT } from "../../src/resources/shim-text.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Makes one resource of every class under Pulumi's mocks and prints what would be stored of each. */
const PROGRAM = `
import { createRequire } from "node:module";
const pulumi = createRequire(process.cwd() + "/package.json")("@pulumi/pulumi");
const seen = {};
pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs }) => {
    seen[type] = inputs;
    return { id: name, state: inputs };
  },
  call: () => ({}),
}, "shop", "local");
const classes = await import("supercargo/resources");
for (const [name, Class] of Object.entries(classes))
  if (Class.prototype instanceof pulumi.Resource) new Class(name, { sample: name });
await pulumi.runtime.disconnect();
process.stdout.write(JSON.stringify(seen));
`;

it("stores the same constant provider text for every class, and the kind in the inputs", () => {
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const seen = JSON.parse(printed) as Record<string, Record<string, unknown>>;
  const kinds = {
    AccessToken: "access-token",
    Account: "account",
    Domain: "domain",
    GeneratedSecret: "secret",
    PaymentToken: "payment-token",
    ServiceInstance: "service-instance",
  };
  expect(Object.keys(seen).toSorted()).toEqual(
    Object.keys(kinds).map((name) => `pulumi-nodejs:dynamic/supercargo:${name}`),
  );
  for (const [name, kind] of Object.entries(kinds)) {
    expect(seen[`pulumi-nodejs:dynamic/supercargo:${name}`]).toEqual({
      __provider: SHIM_TEXT,
      kind,
      identity: { project: "shop", stack: "local", resource: name },
      sample: name,
    });
  }
});

it("has a provider text that captures nothing and imports only our package", () => {
  expect(SHIM_TEXT.match(/import\("[^"]+"\)/g)).toEqual(
    Array(6).fill('import("supercargo/resources/provider")'),
  );
  expect(SHIM_TEXT).not.toMatch(/require\(|process\.|secret/);
});
