import { listAt, textAt } from "../../../util/json-access.ts";

/** One row of `services list`. */
export interface ServiceRow {
  /** Local name, the CLI's id of the resource. */
  readonly name: string;
  readonly service: string;
  readonly provider: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const SERVICE = /^[A-Za-z0-9:_.-]{1,128}$/;

/** `data.services[]` and `data.plans[]`, rows of `{name, service_id, provider_name}`; undefined when a row has another form. */
export function readServices(data: unknown): readonly ServiceRow[] | undefined {
  const lists = [listAt(data, "services"), listAt(data, "plans") ?? []];
  const rows: ServiceRow[] = [];
  for (const list of lists) {
    if (list === undefined) return undefined;
    for (const row of list) {
      const name = textAt(row, ["name"], NAME);
      const service = textAt(row, ["service_id"], SERVICE);
      const provider = textAt(row, ["provider_name"]);
      if (name === undefined || service === undefined || provider === undefined) return undefined;
      rows.push({ name, service, provider: provider.toLowerCase() });
    }
  }
  return rows;
}
