import type { Api } from "../api.ts";
import { flag, isBody, number, text, texts } from "../body-fields.ts";
import type { DomainCheck } from "../domain-prices.ts";
import { SEARCHED_EXTENSIONS } from "../domain-prices.ts";
import { fail, readCount, succeed, succeedPage } from "../envelope.ts";
import type { Registrar } from "../registrar.ts";
import type { Call, Route } from "../route.ts";
import type { RegistrationRecord } from "../zone-records.ts";

/** Reads the registrar's domains. */
export const REGISTRAR_READ = ["Registrar Domains Read", "Registrar Domains Write"] as const;
/** Buys domains and changes their settings. */
export const REGISTRAR_WRITE = ["Registrar Domains Write"] as const;

const BASE = "/accounts/:account/registrar";

/** The Registrar API, beta: search, check, register. There is no call that gives a domain up (API docs, Registrar). */
export function registrarRoutes(api: Api, registrar: Registrar): readonly Route[] {
  return [
    {
      method: "GET",
      path: `${BASE}/domain-search`,
      needs: REGISTRAR_READ,
      handle: (call) => search(registrar, call),
    },
    {
      method: "POST",
      path: `${BASE}/domain-check`,
      needs: REGISTRAR_READ,
      handle: (call) => check(registrar, call),
    },
    {
      method: "GET",
      path: `${BASE}/registrations`,
      needs: REGISTRAR_READ,
      handle({ accountId, url }) {
        registrar.settleAll();
        const own = api.records.registrations
          .list()
          .filter((record) => record.accountId === accountId && record.state === "succeeded");
        return succeedPage(url, own.map(printRegistration));
      },
    },
    {
      method: "POST",
      path: `${BASE}/registrations`,
      needs: REGISTRAR_WRITE,
      handle: (call) => register(registrar, call),
    },
    ...registrationRoutes(api, registrar),
  ];
}

function registrationRoutes(api: Api, registrar: Registrar): readonly Route[] {
  const one = `${BASE}/registrations/:domain`;
  const absent = () => fail(404, 10_404, "the registration does not exist");
  const withRegistration =
    (work: (record: RegistrationRecord, call: Call) => Response) => (call: Call) => {
      const domain = (call.params.domain ?? "").toLowerCase();
      const record = registrar.read(call.accountId, domain);
      return record === undefined ? absent() : work(record, call);
    };
  const withRegistered = (work: (record: RegistrationRecord, call: Call) => Response) =>
    withRegistration((record, call) =>
      record.state === "succeeded" ? work(record, call) : absent(),
    );
  return [
    {
      method: "GET",
      path: one,
      needs: REGISTRAR_READ,
      handle: withRegistered((record) => succeed(printRegistration(record))),
    },
    {
      method: "PATCH",
      path: one,
      needs: REGISTRAR_WRITE,
      handle: withRegistered((record, { body }) => setAutoRenew(api, record, body)),
    },
    {
      method: "GET",
      path: `${one}/registration-status`,
      needs: REGISTRAR_READ,
      handle: withRegistration((record) => succeed(printWorkflow(record))),
    },
  ];
}

function setAutoRenew(api: Api, record: RegistrationRecord, body: unknown): Response {
  const autoRenew = flag(body, "auto_renew");
  if (autoRenew === undefined || Object.keys(isBody(body) ? body : {}).length > 1)
    return fail(400, 10_400, "auto_renew alone can be changed");
  const changed = { ...record, autoRenew, updatedAt: api.timestamp() };
  api.records.registrations.put(record.domain, changed);
  return succeed(printWorkflow(changed));
}

/** Names made of the query's letters under the extensions that the API sells. */
function search(registrar: Registrar, { url }: Call): Response {
  const query = (url.searchParams.get("q") ?? "").toLowerCase();
  const label =
    query
      .split(".")[0]
      ?.replace(/[^a-z0-9-]/g, "")
      .replace(/^-+|-+$/g, "") ?? "";
  if (label === "") return fail(400, 10_400, "q is missing");
  const asked = url.searchParams.getAll("extensions").flatMap((value) => value.split(","));
  const extensions = asked.length > 0 ? asked : SEARCHED_EXTENSIONS;
  const names = extensions
    .slice(0, readCount(url, "limit", 20, 50))
    .map((extension) => `${label}.${extension}`);
  return succeed({ domains: names.map((name) => printCheck(name, registrar.check(name))) });
}

function check(registrar: Registrar, { body }: Call): Response {
  const domains = texts(body, "domains").map((name) => name.toLowerCase());
  if (domains.length === 0 || domains.length > 20)
    return fail(400, 10_400, "domains must hold 1 to 20 names");
  return succeed({ domains: domains.map((name) => printCheck(name, registrar.check(name))) });
}

function printCheck(name: string, checked: DomainCheck): object {
  if (!checked.registrable) {
    const { reason, tier } = checked;
    return { name, registrable: false, reason, ...(tier === undefined ? {} : { tier }) };
  }
  const { registration, renewal } = checked.prices;
  const pricing = { currency: "USD", registration_cost: registration, renewal_cost: renewal };
  return { name, registrable: true, tier: "standard", pricing };
}

/** 201 when it succeeded in time, else 202; `Prefer: respond-async` does not wait. */
async function register(
  registrar: Registrar,
  { accountId, body, request }: Call,
): Promise<Response> {
  const domain = (text(body, "domain_name") ?? "").toLowerCase();
  const years = number(body, "years") ?? 1;
  if (domain === "" || !Number.isInteger(years) || years < 1 || years > 10)
    return fail(400, 10_400, "domain_name is missing, or years is not between 1 and 10");
  const ordered = registrar.order({
    accountId,
    domain,
    years,
    autoRenew: flag(body, "auto_renew") ?? false,
    privacyMode: text(body, "privacy_mode") ?? "redaction",
  });
  if ("code" in ordered) return fail(400, ordered.code, ordered.message);
  const isAsync = request.headers.get("prefer")?.includes("respond-async") === true;
  const record = isAsync ? ordered : await registrar.wait(ordered);
  return succeed(printWorkflow(record), { status: isCompleted(record) ? 201 : 202 });
}

function isCompleted({ state }: RegistrationRecord): boolean {
  return state === "succeeded" || state === "failed";
}

/** A workflow's status: `completed` stays false for `action_required`, which never ends by itself. */
function printWorkflow(record: RegistrationRecord): object {
  const resource = `/accounts/${record.accountId}/registrar/registrations/${record.domain}`;
  const context =
    record.state === "succeeded"
      ? { registration: printRegistration(record) }
      : record.state === "action_required"
        ? { action: "verify_registrant_email" }
        : undefined;
  return {
    domain_name: record.domain,
    state: record.state,
    completed: isCompleted(record),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    ...(context === undefined ? {} : { context }),
    ...(record.error === undefined ? {} : { error: record.error }),
    links: { self: `${resource}/registration-status`, resource },
  };
}

function printRegistration(record: RegistrationRecord): object {
  return {
    domain_name: record.domain,
    status: "active",
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    auto_renew: record.autoRenew,
    privacy_mode: record.privacyMode,
    locked: record.locked,
  };
}
