import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findGroups, startTestSandbox, type TestSandbox } from "./test-sandbox.ts";

const FILE = join(
  process.env.SUPERCARGO_SHARED ?? "../shared",
  "specs/cloudflare-plugin-calls.jsonl",
);

interface Recorded {
  readonly step: string;
  readonly method: string;
  readonly path: string;
  readonly contentType: string | null;
  readonly request: unknown;
  readonly status: number;
  readonly response: { readonly result: unknown } | string;
}

/** Group ids of the recording, which its server made up. */
const GROUPS: Readonly<Record<string, string>> = {
  b3c1a2f0000000000000000000000001: "Workers Scripts Write",
  b3c1a2f0000000000000000000000002: "Workers R2 Storage Write",
  b3c1a2f0000000000000000000000004: "DNS Write",
};

/** Members that are ids, by which recorded ids are matched with ours. */
const ID_MEMBERS = new Set(["id", "uuid", "queue_id", "consumer_id"]);

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

/** Notes recorded ids beside ours wherever both results have them. */
function learnIds(recorded: unknown, ours: unknown, ids: Map<string, string>): void {
  if (
    typeof recorded !== "object" ||
    recorded === null ||
    typeof ours !== "object" ||
    ours === null
  )
    return;
  for (const [name, value] of Object.entries(recorded)) {
    const mine: unknown = (ours as Record<string, unknown>)[name];
    const isId =
      ID_MEMBERS.has(name) && typeof value === "string" && /^[0-9a-f-]{32,36}$/.test(value);
    if (isId && typeof mine === "string") ids.set(value, mine);
    learnIds(value, mine, ids);
  }
}

/** Texts and numbers that the request holds: the answer must hold the same ones at the same places. */
function collectScalars(value: unknown, found: Set<unknown>): Set<unknown> {
  if (typeof value === "object" && value !== null)
    for (const one of Object.values(value)) collectScalars(one, found);
  else found.add(value);
  return found;
}

/** Places at which the answer lacks what the recording has. */
function findMissing(
  recorded: unknown,
  ours: unknown,
  echoed: Set<unknown>,
  place: string,
): string[] {
  if (typeof recorded !== "object" || recorded === null)
    return echoed.has(recorded) && recorded !== ours
      ? [`${place}: ${JSON.stringify(ours)} instead of ${JSON.stringify(recorded)}`]
      : [];
  if (typeof ours !== "object" || ours === null) return [`${place} is missing`];
  return Object.entries(recorded).flatMap(([name, value]) =>
    name in ours
      ? findMissing(value, (ours as Record<string, unknown>)[name], echoed, `${place}.${name}`)
      : [`${place}.${name} is missing`],
  );
}

it.skipIf(!existsSync(FILE))(
  "answers a recorded life of the Cloudflare plugin with everything that the recording holds",
  async () => {
    const lines = readFileSync(FILE, "utf8").trim().split("\n");
    const account = sandbox.addAccount({ payment: true });
    const ids = new Map([["ACCOUNT", account.accountId]]);
    for (const [recorded, name] of Object.entries(GROUPS)) {
      const [group] = await findGroups(sandbox, account.bearer, account.accountId, [name]);
      ids.set(recorded, group?.id ?? "");
    }
    // The recording's server let settings of a domain be changed that nobody had registered.
    await sandbox.call(
      account.bearer,
      "POST",
      `/accounts/${account.accountId}/registrar/registrations`,
      { domain_name: "acme-registered.com" },
    );
    const translate = (text: string) => {
      let translated = text.replaceAll(
        "registrar/domains/example.com",
        "registrar/domains/acme-registered.com",
      );
      for (const [recorded, ours] of ids) translated = translated.replaceAll(recorded, ours);
      return translated;
    };

    const problems: string[] = [];
    for (const line of lines) {
      const call = JSON.parse(line) as Recorded;
      const path = translate(call.path);
      const label = `${call.step} ${call.method} ${call.path}`;
      const isForm = call.contentType?.startsWith("multipart") === true;
      const boundary = isForm ? String(call.request).slice(2).split("\r\n")[0] : "";
      const body =
        call.request === null
          ? undefined
          : translate(isForm ? String(call.request) : JSON.stringify(call.request));
      const headers: Record<string, string> = {};
      if (body !== undefined)
        headers["content-type"] = isForm
          ? `multipart/form-data; boundary=${boundary}`
          : "application/json";
      if (call.method === "PATCH" && path.includes("/r2/"))
        headers["cf-r2-storage-class"] = "InfrequentAccess";
      const answer = await sandbox.call(account.bearer, call.method, path, body, headers);
      if (answer.status !== call.status)
        problems.push(`${label}: status ${answer.status} ${answer.text}`);
      if (typeof call.response === "string") {
        if (!answer.text.includes("v1"))
          problems.push(`${label}: the content is not what was uploaded`);
        continue;
      }
      if (call.step === "create") learnIds(call.response.result, answer.body?.result, ids);
      const request: unknown = body === undefined || isForm ? undefined : JSON.parse(body);
      const echoed = collectScalars(request, new Set());
      const recorded: unknown = JSON.parse(
        translate(JSON.stringify(call.response))
          .replaceAll('"example.com","expires_at"', '"acme-registered.com","expires_at"')
          .replaceAll('"id":"example.com"', '"id":"acme-registered.com"'),
      );
      problems.push(...findMissing(recorded, answer.body, echoed, label));
    }
    expect(problems).toEqual([]);
    expect(lines.length).toBe(73);
  },
);
