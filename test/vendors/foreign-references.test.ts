import { describe, expect, test } from "vitest";
import { VENDORS } from "../../src/adapters/vendors/registry.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { compileText, errorsOf, manifestWith, textOf } from "../compile/compile-text.ts";
import { findTypeErrors } from "../support/find-type-errors.ts";
import { ADDRESS, APP, findResource, ownOf } from "./function-vendor.ts";
import { plainValue } from "./plain-value.ts";

/** Vendors that run apps. */
const IDS = VENDORS.filter(({ kinds }) => kinds.has("app")).map(({ id }) => id);

type Resources = Readonly<Record<string, object>>;

/** How long the TypeScript compiler may take over the types of all packages, milliseconds. */
const COMPILER_MS = 120_000;

/** More vendors than a manifest has accounts at by default. */
const GUARDRAILS = "apiVersion: supercargo/v1\ncounts: { accounts: 10 }\n";

const compileAll = (resources: Resources): Promise<CompileResult> =>
  compileText(manifestWith(resources), {
    guardrails: { path: "guardrails.yaml", text: GUARDRAILS },
  });

/** The arguments of all that a vendor makes, as plain data: an environment is in another place at each. */
async function readArguments(resources: Resources, provider: string): Promise<string> {
  const result = await compileAll(resources);
  expect(errorsOf(result)).toEqual([]);
  const { resources: all } = ownOf(result, provider);
  return JSON.stringify(all.map(({ args }) => plainValue(args)));
}

/** Vendors that run apps, and where an app of theirs without a route answers the world; none of a container host's does. */
const HOSTS: Readonly<Record<string, string>> = {
  aws: "<api.api.id>.execute-api.us-east-1.amazonaws.com",
  azure: "<api.default_hostname>",
  cloudflare: "<api.script_name>.<cloudflare.account.app_domain>",
  gcp: "acme-local-api-<gcp.code-bucket.project_number>.us-central1.run.app",
  netlify: "<api.name>.netlify.app",
  vercel: "<api.domain.domain>",
};

const PAIRS = Object.keys(HOSTS).flatMap((owner) =>
  IDS.flatMap((user) => (user === owner ? [] : [[owner, user] as const])),
);

describe("what another vendor has", () => {
  const other = (id: string): string => (id === "cloudflare" ? "gcp" : "cloudflare");

  test.each(IDS)("can be bound, consumed and called by nothing at %s", async (provider) => {
    const foreign = other(provider);
    const jobs = { kind: "queue", provider: foreign };
    const uses: readonly Resources[] = [
      { jobs, shop: { ...APP, provider, bind: { JOBS: "jobs" } } },
      { jobs, shop: { ...APP, provider, consumes: ["jobs"] } },
      {
        shop: { ...APP, provider: foreign },
        nightly: { kind: "cron", provider, app: "shop", schedule: "0 3 * * *" },
      },
    ];
    for (const resources of uses) {
      const { diagnostics } = await compileAll(resources);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      expect(errors.map(({ code }) => code)).toEqual(["SC3010"]);
      expect(errors[0]?.remedy).toContain("place both on the same provider");
    }
  });
});

describe("a text that refers to a resource of another vendor", () => {
  test.each(PAIRS)("has the address of an app at %s, used at %s", async (owner, user) => {
    const api = { ...APP, provider: owner };
    const web = { ...APP, provider: user, env: { API: `\${api.url}/v1` } };
    expect(await readArguments({ api, web }, user)).toContain(`https://${HOSTS[owner]}/v1`);
  });

  test.each(Object.keys(HOSTS))(
    "has the route of an app of a container host, at %s",
    async (id) => {
      const api = { ...APP, provider: "container", routes: [`api.\${address.domain}/*`] };
      const web = { ...APP, provider: id, env: { API: `\${api.url}/v1` } };
      const text = await readArguments({ address: ADDRESS, api, web }, id);
      expect(text).toContain("https://api.<address.domain>/v1");
    },
  );

  test.each([
    ["bucket", "aws", "gcp", "<it.id>"],
    ["bucket", "cloudflare", "aws", "<it.name>"],
    ["queue", "cloudflare", "gcp", "<it.queue_name>"],
    ["queue", "gcp", "cloudflare", "<it.name>"],
    ["queue", "aws", "container", "<it.name>"],
    ["bucket", "azure", "vercel", "<it.name>"],
  ])("has the name of a %s at %s, used at %s", async (kind, owner, user, name) => {
    const web = { ...APP, provider: user, env: { NAME: `(\${it.name})` } };
    const text = await readArguments({ it: { kind, provider: owner }, web }, user);
    expect(text).toContain(`(${name})`);
  });

  test.each(IDS)("has what others serve for %s", async (provider) => {
    const env = { IT: `(\${address.domain},\${www.name},\${ledger.id})` };
    const text = await readArguments(
      {
        address: ADDRESS,
        www: { kind: "dns", zone: "address", name: "www", type: "A", content: "192.0.2.1" },
        ledger: { kind: "service", service: "neon/postgres" },
        web: { ...APP, provider, env },
      },
      provider,
    );
    expect(text).toContain("(<address.domain>,<www.name>,<ledger.instance_id>)");
  });

  test.each(Object.entries(HOSTS))("has the host of an app at %s in a record", async (id, host) => {
    const result = await compileAll({
      address: ADDRESS,
      api: { ...APP, provider: id },
      www: {
        kind: "dns",
        zone: "address",
        name: "www",
        type: "CNAME",
        content: `\${api.hostname}`,
      },
    });
    expect(errorsOf(result)).toEqual([]);
    const { args } = findResource(ownOf(result, "cloudflare"), "www");
    expect(plainValue(args.content)).toBe(host);
  });

  test.each(["azure", "container", "vercel"])(
    "has the name by which an app hears of a queue at %s",
    async (id) => {
      const jobs = { kind: "queue", provider: id };
      const env = { NAME: `(\${jobs.name})` };
      const shop = { ...APP, provider: id, env, bind: { JOBS: "jobs" }, consumes: ["jobs"] };
      const own = await readArguments({ jobs, shop }, id);
      const [, told] = /(?:[?&]queue=|vercel-queue:iad1\/)([a-z]+)/.exec(own) ?? [];
      expect(told).toBe("jobs");
      expect(own).toContain(`(${told})`);
      const user = id === "vercel" ? "gcp" : "vercel";
      const web = { ...APP, provider: user, env };
      expect(await readArguments({ jobs, web }, user)).toContain(`(${told})`);
    },
  );

  test(
    "is one that the types of all packages accept",
    async () => {
      const apps = IDS.map((id) => {
        const routes = id === "container" ? [`api.\${address.domain}/*`] : [];
        return [`api-${id}`, { ...APP, provider: id, routes }] as const;
      });
      const things = IDS.map((id) => [`it-${id}`, { kind: "bucket", provider: id }] as const);
      const env = Object.fromEntries(
        IDS.flatMap((id) => {
          const word = id.toUpperCase();
          return [
            [`API_${word}`, `\${api-${id}.url}`],
            [`IT_${word}`, `\${it-${id}.name}`],
          ];
        }),
      );
      const users = IDS.map((id) => [`web-${id}`, { ...APP, provider: id, env }] as const);
      const all = { address: ADDRESS, ...Object.fromEntries([...apps, ...things, ...users]) };
      const result = await compileAll(all);
      expect(findTypeErrors([textOf(result, "index.ts")])).toEqual([]);
    },
    COMPILER_MS,
  );

  test("is refused where the address is known to its own host alone", async () => {
    const api = { ...APP, provider: "container" };
    const address = ADDRESS;
    const content = `\${api.hostname}`;
    const www = { kind: "dns", zone: "address", name: "www", type: "CNAME", content };
    const web = { ...APP, env: { API: `\${api.url}` } };
    for (const foreign of [{ address, www }, { web }]) {
      const { diagnostics } = await compileAll({ ...foreign, api });
      const [error] = diagnostics.filter(({ severity }) => severity === "error");
      expect(error?.code).toBe("SC3010");
      expect(error?.message).toContain("`api`");
      expect(error?.message).toContain("found on its own host alone");
      expect(error?.remedy).toContain("give api a route");
    }
    const inside = { ...web, provider: "container" };
    expect(errorsOf(await compileAll({ web: inside, api }))).toEqual([]);
  });
});
