import type { Api } from "../api.ts";
import { flag } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Registrar } from "../registrar.ts";
import type { Call, Route } from "../route.ts";
import type { RegistrationRecord } from "../zone-records.ts";
import { REGISTRAR_READ, REGISTRAR_WRITE } from "./registrar-routes.ts";

const BASE = "/accounts/:account/registrar/domains";

/** The older interface for settings of domains that are registered: it neither buys nor gives up (API docs, Registrar, Domains). */
export function domainSettingsRoutes(api: Api, registrar: Registrar): readonly Route[] {
  const { registrations } = api.records;
  const withDomain =
    (work: (record: RegistrationRecord, call: Call) => Response) => (call: Call) => {
      const record = registrar.read(call.accountId, (call.params.domain ?? "").toLowerCase());
      return record?.state === "succeeded"
        ? work(record, call)
        : fail(404, 10_404, "the domain is not registered here");
    };
  return [
    {
      method: "GET",
      path: BASE,
      needs: REGISTRAR_READ,
      handle: ({ accountId }) =>
        succeed(
          registrations
            .list()
            .filter((record) => record.accountId === accountId && record.state === "succeeded")
            .map(printDomain),
        ),
    },
    {
      method: "GET",
      path: `${BASE}/:domain`,
      needs: REGISTRAR_READ,
      handle: withDomain((record) => succeed(printDomain(record))),
    },
    {
      method: "PUT",
      path: `${BASE}/:domain`,
      needs: REGISTRAR_WRITE,
      handle: withDomain((record, { body }) => {
        const privacy = flag(body, "privacy");
        const changed: RegistrationRecord = {
          ...record,
          autoRenew: flag(body, "auto_renew") ?? record.autoRenew,
          locked: flag(body, "locked") ?? record.locked,
          privacyMode: privacy === undefined ? record.privacyMode : privacy ? "redaction" : "off",
          updatedAt: api.timestamp(),
        };
        registrations.put(record.domain, changed);
        return succeed(printDomain(changed));
      }),
    },
  ];
}

function printDomain(record: RegistrationRecord): object {
  return {
    auto_renew: record.autoRenew,
    locked: record.locked,
    privacy: record.privacyMode !== "off",
    id: record.domain,
    name: record.domain,
    expires_at: record.expiresAt,
    current_registrar: "Cloudflare",
  };
}
