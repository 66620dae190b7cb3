import { isIPv4, isIPv6 } from "node:net";
import type { Api } from "../api.ts";
import { type Body, flag, isBody, number, text } from "../body-fields.ts";
import { fail, succeed, succeedPage } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { DnsRecord, ZoneRecord } from "../zone-records.ts";

const READ = ["DNS Read", "DNS Write"] as const;
const WRITE = ["DNS Write"] as const;
const BASE = "/zones/:zone/dns_records";
const PROXIABLE = new Set(["A", "AAAA", "CNAME"]);
const TYPES = new Set([...PROXIABLE, "CAA", "HTTPS", "MX", "NS", "SRV", "SVCB", "TLSA", "TXT"]);

/** DNS records, kept and answered; nothing resolves them here (API docs, DNS Records). */
export function dnsRoutes(api: Api): readonly Route[] {
  const { dns } = api.records;
  const withRecord = (work: (record: DnsRecord, zone: ZoneRecord, call: Call) => Response) =>
    withZone((zone, call) => {
      const record = dns.get(call.params.record ?? "");
      return record?.zoneId === zone.id
        ? work(record, zone, call)
        : fail(404, 81044, "Record does not exist.");
    });
  const one = `${BASE}/:record`;
  return [
    {
      method: "GET",
      path: BASE,
      needs: READ,
      handle: withZone((zone, { url }) => {
        const [type, name] = [url.searchParams.get("type"), url.searchParams.get("name")];
        const found = dns
          .list()
          .filter((record) => record.zoneId === zone.id)
          .filter(
            (record) =>
              (type === null || record.type === type) && (name === null || record.name === name),
          );
        return succeedPage(url, found.map(printRecord));
      }),
    },
    {
      method: "POST",
      path: BASE,
      needs: WRITE,
      handle: withZone((zone, call) => put(api, zone, undefined, call.body)),
    },
    {
      method: "GET",
      path: one,
      needs: READ,
      handle: withRecord((record) => succeed(printRecord(record))),
    },
    {
      method: "PUT",
      path: one,
      needs: WRITE,
      handle: withRecord((record, zone, { body }) => put(api, zone, record, body)),
    },
    {
      method: "PATCH",
      path: one,
      needs: WRITE,
      handle: withRecord((record, zone, { body }) =>
        put(api, zone, record, {
          ...record.fields,
          name: record.name,
          type: record.type,
          ...(body as Body),
        }),
      ),
    },
    {
      method: "DELETE",
      path: one,
      needs: WRITE,
      handle: withRecord((record) => {
        dns.delete(record.id);
        return succeed({ id: record.id });
      }),
    },
  ];
}

function withZone(work: (zone: ZoneRecord, call: Call) => Response): (call: Call) => Response {
  return (call) =>
    call.zone === undefined ? fail(404, 1001, "Invalid zone identifier") : work(call.zone, call);
}

function put(api: Api, zone: ZoneRecord, earlier: DnsRecord | undefined, body: unknown): Response {
  if (!isBody(body)) return fail(400, 9207, "Request body is invalid.");
  const { name: givenName, type: givenType, ...fields } = body;
  const type = typeof givenType === "string" ? givenType.toUpperCase() : "";
  const name = fullName(zone, typeof givenName === "string" ? givenName : "");
  const problem =
    checkRecord(zone, name, type, fields) ?? checkConflict(api, zone, earlier, name, type, fields);
  if (problem !== undefined) return problem;
  const now = api.timestamp();
  const record: DnsRecord = {
    id: earlier?.id ?? api.newId(),
    zoneId: zone.id,
    name,
    type,
    createdOn: earlier?.createdOn ?? now,
    modifiedOn: now,
    fields,
  };
  api.records.dns.put(record.id, record);
  return succeed(printRecord(record));
}

/** `@` is the zone itself, a name outside the zone is relative to it. */
function fullName(zone: ZoneRecord, name: string): string {
  const bare = name.toLowerCase().replace(/\.$/, "");
  if (bare === "@" || bare === zone.name) return zone.name;
  return bare === "" || bare.endsWith(`.${zone.name}`) ? bare : `${bare}.${zone.name}`;
}

function checkRecord(
  zone: ZoneRecord,
  name: string,
  type: string,
  fields: Body,
): Response | undefined {
  const content = text(fields, "content");
  const ttl = number(fields, "ttl");
  if (!TYPES.has(type)) return fail(400, 9007, "DNS record type is invalid.");
  if (name === "" || name.length > 253) return fail(400, 9000, "DNS name is invalid.");
  if (content === undefined && !isBody(fields.data))
    return fail(400, 9106, "DNS record content is missing.");
  if (type === "A" && !isIPv4(content ?? ""))
    return fail(400, 9005, "Content for A record must be a valid IPv4 address.");
  if (type === "AAAA" && !isIPv6(content ?? ""))
    return fail(400, 9006, "Content for AAAA record must be a valid IPv6 address.");
  if (ttl !== undefined && ttl !== 1 && (ttl < 60 || ttl > 86_400))
    return fail(400, 9021, "TTL must be between 60 and 86400 seconds, or 1 for Automatic.");
  if (flag(fields, "proxied") === true && !PROXIABLE.has(type))
    return fail(400, 9004, "This record type cannot be proxied.");
  return name === zone.name || name.endsWith(`.${zone.name}`)
    ? undefined
    : fail(400, 9000, "DNS name is invalid.");
}

function checkConflict(
  api: Api,
  zone: ZoneRecord,
  earlier: DnsRecord | undefined,
  name: string,
  type: string,
  fields: Body,
): Response | undefined {
  const others = api.records.dns
    .list()
    .filter(
      (record) => record.zoneId === zone.id && record.name === name && record.id !== earlier?.id,
    );
  const isSame = (record: DnsRecord) =>
    record.type === type && record.fields.content === fields.content;
  if (fields.content !== undefined && others.some(isSame))
    return fail(400, 81058, "An identical record already exists.");
  const isAddress = (other: string) => PROXIABLE.has(other);
  const clashes = others.some(
    (record) => isAddress(record.type) && isAddress(type) && [record.type, type].includes("CNAME"),
  );
  return clashes
    ? fail(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
    : undefined;
}

function printRecord(record: DnsRecord): object {
  const { fields } = record;
  return {
    ...fields,
    id: record.id,
    name: record.name,
    type: record.type,
    proxiable: PROXIABLE.has(record.type),
    proxied: flag(fields, "proxied") ?? false,
    ttl: number(fields, "ttl") ?? 1,
    settings: isBody(fields.settings) ? fields.settings : {},
    meta: {},
    comment: text(fields, "comment") ?? null,
    tags: Array.isArray(fields.tags) ? fields.tags : [],
    created_on: record.createdOn,
    modified_on: record.modifiedOn,
  };
}
