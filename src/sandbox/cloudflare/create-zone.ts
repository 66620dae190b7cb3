import type { Api } from "./api.ts";
import type { ZoneRecord } from "./zone-records.ts";

/** Makes a zone; an active one is a zone whose domain already points here. */
export function createZone(
  api: Api,
  input: Pick<ZoneRecord, "accountId" | "name" | "type" | "paused"> & {
    readonly isActive: boolean;
  },
): ZoneRecord {
  const { isActive, ...fields } = input;
  const now = api.timestamp();
  const zone: ZoneRecord = {
    id: api.newId(),
    ...fields,
    status: isActive ? "active" : "pending",
    createdOn: now,
    modifiedOn: now,
    activatedOn: isActive ? now : null,
  };
  api.records.zones.put(zone.id, zone);
  return zone;
}
