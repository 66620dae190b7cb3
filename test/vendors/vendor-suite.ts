import { beforeAll, describe, expect, test } from "vitest";
import { ORCHESTRATORS } from "../../src/adapters/orchestrators/registry.ts";
import type { Lowered, Permission, Vendor } from "../../src/adapters/vendors/contract.ts";
import { ASPECTS, type Semantics } from "../../src/adapters/vendors/semantics.ts";
import type { CompileResult } from "../../src/compiler/compile.ts";
import { errorsOf, textOf } from "../compile/compile-text.ts";
import { findTypeErrors } from "../support/find-type-errors.ts";
import { compileFor, KIND_CASES, type KindAnswer, tryKind } from "./kind-cases.ts";

/** What only an account at a vendor is good for. */
const ACCOUNT_TYPES: ReadonlySet<string> = new Set([
  "supercargo_account",
  "supercargo_payment_token",
  "supercargo_access_token",
]);
/** How long the TypeScript compiler may take over the types of a whole package, milliseconds. */
const COMPILER_MS = 120_000;
const OURS = /^(?:supercargo|provider)_/;

/**
 * What every vendor promises. A kind that it cannot serve, or an engine of a database, needs no skip: it has to say who can. `skips` is for vendors that cannot be held to a
 * whole case; the reason is printed.
 */
export function testVendor(
  given: Vendor,
  { skips = {} }: { readonly skips?: Readonly<Record<string, string>> } = {},
): void {
  // A template's name is none that a manifest could hold.
  const vendor: Vendor = { ...given, id: given.id.replace(/^_/, "") };
  const check = (title: string, work: () => void | Promise<void>, timeout?: number): void => {
    const reason = skips[title];
    if (reason === undefined) test(title, work, timeout);
    else test.skip(`${title} (${reason})`, work);
  };

  describe(`the vendor ${vendor.id}`, () => {
    const answers = new Map<string, KindAnswer>();
    let whole: CompileResult;

    beforeAll(async () => {
      for (const name of Object.keys(KIND_CASES)) answers.set(name, await tryKind(vendor, name));
      whole = await compileFor(vendor, everythingServed(answers));
    });

    check("is not called like another one's resources, and its package is named", () => {
      expect(vendor.id).toMatch(/^[a-z_][a-z0-9-_]*$/);
      expect(vendor.title).not.toBe("");
      const types = ownOf(whole, vendor)?.resources.map(({ type }) => type) ?? [];
      const native = types.filter((type) => !OURS.test(type));
      const heads = new Set(native.map((type) => type.slice(0, type.indexOf("_"))));
      const prefix = vendor.package?.prefix ?? vendor.package?.namespace;
      expect([...heads]).toEqual(native.length === 0 ? [] : [prefix]);
    });

    check("serves each portable kind, or says who does", () => {
      for (const [name, answer] of answers) {
        if (answer.kind === "refused")
          for (const remedy of answer.remedies) expect(remedy, name).toMatch(/`|engine|kind: /);
        else expect(answer.result.lowered?.length, name).toBeGreaterThan(0);
      }
    });

    check("says where a kind goes that it does not serve", () => {
      for (const [name, answer] of answers) {
        if (answer.kind !== "elsewhere") continue;
        const notes = answer.result.diagnostics.filter(({ code }) => code === "SC4021");
        expect(
          notes.map(({ message }) => message),
          name,
        ).toEqual(expect.arrayContaining([expect.stringContaining(`\`${answer.where}\``)]));
      }
    });

    check("says what each kind that it serves is like there, in one line an aspect", () => {
      for (const [name, answer] of answers) {
        if (answer.kind !== "served") continue;
        const node = answer.result.model?.resources.find((one) => one.name === "it");
        if (node === undefined) throw new Error("no model without an error");
        const say = vendor.semantics[node.kind] as
          | ((one: typeof node) => Semantics<"app">)
          | undefined;
        const said: Readonly<Record<string, string>> = say?.(node) ?? {};
        expect(Object.keys(said).sort(), name).toEqual([...ASPECTS[node.kind]].sort());
        for (const phrase of Object.values(said)) expect(phrase).toMatch(/^\S[^\n]{1,98}\S$/);
      }
    });

    check(
      "gives programs that the types of its package accept",
      () => {
        const programs = [...answers.values()].flatMap((answer) =>
          answer.kind === "refused" ? [] : [textOf(answer.result, "index.ts")],
        );
        expect(findTypeErrors([...programs, textOf(whole, "index.ts")])).toEqual([]);
      },
      COMPILER_MS,
    );

    check("gives the same bytes again", async () => {
      expect(errorsOf(whole)).toEqual([]);
      expect((await compileFor(vendor, everythingServed(answers))).files).toEqual(whole.files);
    });

    check("asks for no right that no resource needs", async () => {
      const wanted = new Set<string>();
      for (const answer of answers.values())
        if (answer.kind === "served")
          for (const right of rightsOf(answer.result, vendor)) wanted.add(right);
      const joint = ownOf(whole, vendor)?.permissions ?? [];
      for (const permission of joint) {
        expect(permission.because.length, permission.group).toBeGreaterThan(0);
        const names = whole.model?.resources.map(({ name }) => name) ?? [];
        expect(names).toEqual(expect.arrayContaining([...permission.because]));
      }
      // Together they need no more than each alone.
      expect(joint.map(printRight).filter((right) => !wanted.has(right))).toEqual([]);
    });

    check("asks for nothing where there is no account", () => {
      if (vendor.hasAccounts) return;
      const own = ownOf(whole, vendor);
      expect(own?.permissions).toEqual([]);
      expect(own?.unpriced).toBeDefined();
      expect(own?.resources.filter(({ type }) => ACCOUNT_TYPES.has(type))).toEqual([]);
    });

    for (const word of vendor.accountsBy ?? [])
      check(
        `works in an account of its own where \`${word}\` vouches`,
        async () => {
          expect(vendor.hasAccounts).toBe(false);
          expect(ORCHESTRATORS.flatMap(({ names }) => names)).toContain(word);
          const opened = await compileFor(vendor, everythingServed(answers), ["stripe", word]);
          expect(errorsOf(opened)).toEqual([]);
          expect(findTypeErrors([textOf(opened, "index.ts")])).toEqual([]);
          const [own, without] = [ownOf(opened, vendor), ownOf(whole, vendor)];
          const [account, provider, ...rest] = own?.resources ?? [];
          expect(account).toMatchObject({
            type: "supercargo_account",
            args: { provider: vendor.id, orchestrators: ["stripe", word] },
          });
          // No token of ours is in it, and all else is as it was, in the account that the provider names.
          expect(provider?.type).toMatch(/^provider_/);
          expect(JSON.stringify(provider?.args)).toContain(`"${vendor.id}.account"`);
          expect(rest).toEqual(without?.resources.slice(1));
          for (const { type, provider: by } of rest)
            if (!OURS.test(type)) expect(by, type).toBe(provider?.name);
          expect(own?.permissions).toEqual([]);
          expect(own?.prices).toEqual(without?.prices);
          expect(own?.unpriced).toMatch(/of your organisation.*no cap here stops/);
        },
        COMPILER_MS,
      );

    check("names each resource after its owner, and refers to nothing that is not there", () => {
      const all = whole.lowered?.flatMap(({ resources }) => resources) ?? [];
      const names = all.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const { name, origin } of ownOf(whole, vendor)?.resources ?? [])
        expect(name.split(".")[0]).toBe(origin ?? vendor.id.replace(/[^a-z0-9-]/g, "-"));
      for (const { dependsOn = [] } of all)
        expect(names).toEqual(expect.arrayContaining([...dependsOn]));
    });

    check("keeps secrets out of what it prints", () => {
      for (const { args } of ownOf(whole, vendor)?.resources ?? [])
        expect(JSON.stringify(args)).not.toMatch(
          /(?:password|secret|token)[^"]{0,3}[=:]\s*[^"\s]{8,}"/i,
        );
    });
  });
}

/** All that a vendor serves in one manifest, and an app that uses it. */
function everythingServed(answers: ReadonlyMap<string, KindAnswer>) {
  const served = [...answers].flatMap(([name, { kind }], i) =>
    kind === "served" ? [{ name, as: `r${i}`, resources: KIND_CASES[name] ?? {} }] : [],
  );
  const resources: Record<string, object> = {};
  const bind: Record<string, string> = {};
  for (const { name, as, resources: own } of served) {
    for (const [key, value] of Object.entries(own)) {
      // The domain and the app of others are those of the manifest.
      if (key === "it") resources[as] = value;
      else if (key === "worker") resources.worker ??= value;
    }
    if (/^(?:database|bucket|kv|queue|secret)/.test(name)) bind[`B${as.slice(1)}`] = as;
  }
  const domain = served.find(({ name }) => name === "domain")?.as;
  if (domain !== undefined)
    for (const [key, value] of Object.entries(resources))
      if ("zone" in value) resources[key] = { ...value, zone: domain };
  if ("worker" in resources) resources.worker = { kind: "app", source: "./app", bind };
  return resources;
}

function ownOf(result: CompileResult, vendor: Vendor): Lowered | undefined {
  return result.lowered?.find(({ provider }) => provider === vendor.id);
}

function rightsOf(result: CompileResult, vendor: Vendor): readonly string[] {
  return (ownOf(result, vendor)?.permissions ?? []).map(printRight);
}

function printRight({ scope, group }: Permission): string {
  return `${scope} ${group}`;
}
