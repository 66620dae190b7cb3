import fc from "fast-check";
import { stringify } from "yaml";
import { ATTRIBUTES, BINDABLE, type ResourceKind } from "../../src/compiler/2-model/model.ts";

/** A resource of a generated manifest as plain data. */
export type GeneratedResource = { readonly kind: ResourceKind } & Readonly<Record<string, unknown>>;

/** A generated manifest as plain data, in the form that the author would write. */
export interface GeneratedManifest {
  readonly apiVersion: "supercargo/v1";
  readonly resources: Readonly<Record<string, GeneratedResource>>;
  readonly [key: string]: unknown;
}

/** Services that need no configuration, or this one. All are in the pinned catalogue. */
export const GENERATED_SERVICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "neon/free": {},
  "upstash/redis": {},
  "resend/email": { plan: "free" },
  "cloudflare/kv": { title: "notes" },
};

interface Made {
  readonly name: string;
  readonly kind: ResourceKind;
}

/** Draws numbers from a fixed list, so that one generated value decides everything and shrinks well. */
interface Dice {
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
  chance(): boolean;
}

function rollDice(numbers: readonly number[]): Dice {
  let next = 0;
  const below = (limit: number): number => (numbers[next++ % numbers.length] ?? 0) % limit;
  return {
    below,
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new Error("there is nothing to pick from");
      return choice;
    },
    chance: () => below(2) === 1,
  };
}

const TEXT_UNITS = [
  ..."abcXYZ019 .,:;-_/\\#&*!|>%@?[]{}()<>='\"`~^+$",
  "$" + "{x}",
  "*/",
  "\n",
  "\t",
  "\u00e9",
  "\u4e2d",
  "\u05d0",
  "\u{1f6d2}",
  "null",
  "0x1F",
  "</script>",
];

/** Text of any kind that a manifest may hold; `${` is written so that it means itself. */
const textArbitrary = fc.array(fc.constantFrom(...TEXT_UNITS), { maxLength: 20 }).map((units) =>
  units
    .join("")
    .normalize("NFC")
    .replaceAll("${", () => "$${"),
);

const SCHEDULES = ["0 3 * * *", "*/5 * * * *", "0 0 1 JAN-JUN MON,FRI", "15,45 8-18/2 * * 1-5"];

const MAKERS: Readonly<
  Record<
    ResourceKind,
    (made: readonly Made[], name: string, dice: Dice, text: string) => object | undefined
  >
> = {
  app: makeApp,
  site: (made, name, dice) => ({
    source: "./public",
    ...(dice.chance() ? { routes: [makeRoute(made, name, dice)] } : {}),
    ...(dice.chance() ? { spa: dice.chance() } : {}),
  }),
  database: (_made, _name, dice) => (dice.chance() ? { engine: "sqlite" } : {}),
  bucket: () => ({}),
  kv: () => ({}),
  queue: () => ({}),
  cron: (made, _name, dice) => {
    const apps = made.filter(({ kind }) => kind === "app");
    if (apps.length === 0) return undefined;
    return { app: dice.pick(apps).name, schedule: dice.pick(SCHEDULES) };
  },
  domain: (made, name, dice) => {
    if (made.filter(({ kind }) => kind === "domain").length >= 2) return undefined;
    return {
      // A label of its own in front: `r2.dev` and `a0.com` could be public suffixes themselves.
      domain: `shop-${name.slice(0, 40).replace(/-+/g, "-")}${made.length}.${dice.pick(["com", "dev", "org"])}`,
      maxPrice: dice.pick(["15 USD", "20.5 USD", "49.99 USD"]),
      ...(dice.chance() ? { years: 1, autoRenew: dice.chance() } : {}),
    };
  },
  dns: (made, name, dice) => {
    const zones = made.filter(({ kind }) => kind === "domain");
    if (zones.length === 0) return undefined;
    const type = dice.pick(["A", "AAAA", "CNAME", "TXT", "MX"] as const);
    const record = name.replace(/-$/, "0");
    return { zone: dice.pick(zones).name, name: record, type, ...RECORDS[type] };
  },
  secret: (_made, _name, dice) => (dice.chance() ? { bytes: 16 + dice.below(100) } : {}),
  service: (_made, _name, dice) => {
    const service = dice.pick(Object.keys(GENERATED_SERVICES));
    return { service, config: GENERATED_SERVICES[service] };
  },
};

const RECORDS = {
  A: { content: "192.0.2.1", ttl: 300 },
  AAAA: { content: "2001:db8::1" },
  CNAME: { content: "target.example.com" },
  TXT: { content: "v=spf1 -all", ttl: 1 },
  MX: { content: "mail.example.com", priority: 10 },
} as const;

function makeRoute(made: readonly Made[], name: string, dice: Dice): string {
  const domains = made.filter(({ kind }) => kind === "domain");
  const host =
    domains.length > 0 && dice.chance()
      ? `\${${dice.pick(domains).name}.domain}`
      : "www.example.com";
  return `${host}/${name}/*`;
}

function makeApp(made: readonly Made[], name: string, dice: Dice, text: string): object {
  const bindable = made.filter(({ kind }) => BINDABLE.has(kind));
  const readable = made.filter(({ kind }) => ATTRIBUTES[kind].length > 0);
  const bind: Record<string, string> = {};
  for (let i = dice.below(4); i > 0 && bindable.length > 0; i--)
    bind[`BOUND_${i}`] = dice.pick(bindable).name;
  const env: Record<string, string> = { TEXT: text };
  if (readable.length > 0 && dice.chance()) {
    const { name: other, kind } = dice.pick(readable);
    env.OTHER = `${text} \${${other}.${dice.pick(ATTRIBUTES[kind])}}`;
  }
  const consumed = made.at(-1)?.kind === "queue" && dice.chance() ? [made.at(-1)?.name] : [];
  return {
    source: "./app",
    ...(dice.chance() ? { bind, env } : {}),
    ...(dice.chance() ? { routes: [makeRoute(made, name, dice)] } : {}),
    ...(consumed.length > 0 ? { consumes: consumed } : {}),
  };
}

const kindArbitrary = fc.constantFrom(...(Object.keys(MAKERS) as ResourceKind[]));
const nameArbitrary = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);

/**
 * Manifests that make sense: every reference has a target, nothing is a cycle, every resource can be placed on Cloudflare, apps have
 * their code in `./app` and sites their files in `./public`, at most two domains, prices within the default guardrails.
 */
export const manifestDataArbitrary: fc.Arbitrary<GeneratedManifest> = fc
  .record({
    name: nameArbitrary,
    resources: fc.uniqueArray(
      fc.record({
        name: nameArbitrary,
        kind: kindArbitrary,
        numbers: fc.array(fc.nat(9999), { minLength: 16, maxLength: 16 }),
        text: textArbitrary,
        rank: fc.nat(),
      }),
      { selector: ({ name }) => name, maxLength: 14 },
    ),
    budget: fc.constantFrom(
      undefined,
      { monthly: "60 USD" },
      { monthly: "99.99 USD", perRun: "60 USD" },
    ),
  })
  .map(({ name, resources, budget }) => {
    const made: Made[] = [];
    const entries = resources.map(({ name, kind, numbers, text, rank }) => {
      const members = MAKERS[kind](made, name, rollDice(numbers), text);
      const resource = members === undefined ? { kind: "kv" as const } : { kind, ...members };
      made.push({ name, kind: resource.kind });
      return { rank, entry: [name, resource] as const };
    });
    entries.sort((a, b) => a.rank - b.rank);
    return {
      apiVersion: "supercargo/v1",
      name,
      principal: { email: "founder@example.com" },
      agent: { id: "build-bot" },
      orchestrator: ["stripe"],
      payment: ["stripe"],
      provider: "cloudflare",
      ...(budget === undefined ? {} : { budget }),
      resources: Object.fromEntries(entries.map(({ entry }) => entry)),
      stacks: { prod: {} },
    };
  });

/** {@link manifestDataArbitrary} as YAML text, in block style or as JSON. */
export const manifestArbitrary: fc.Arbitrary<string> = fc
  .tuple(manifestDataArbitrary, fc.boolean())
  .map(([data, asJson]) => (asJson ? JSON.stringify(data, null, 1) : printYaml(data)));

/** Prints data as YAML of which every text is quoted. */
export function printYaml(data: unknown): string {
  return stringify(data, {
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    aliasDuplicateObjects: false,
  });
}
