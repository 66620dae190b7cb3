import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "./api.ts";
import type { DomainCheck } from "./domain-prices.ts";
import { settleRegistration } from "./settle-registration.ts";
import {
  checkRegistrable,
  type OrderRefusal,
  type RegistrationOrder,
  startRegistration,
  WORK_MS,
} from "./start-registration.ts";
import type { RegistrationRecord } from "./zone-records.ts";

/** The registrar's workflow. */
export interface Registrar {
  check(domain: string): DomainCheck;
  /** Starts a workflow, or answers with the one there is: the name is the idempotency key. */
  order(order: RegistrationOrder): RegistrationRecord | OrderRefusal;
  /** The registration of an account, brought up to date. */
  read(accountId: string, domain: string): RegistrationRecord | undefined;
  /** Waits for a workflow as long as it moves by itself and quickly. */
  wait(record: RegistrationRecord): Promise<RegistrationRecord>;
  /** Does what a person or a registry would do: lets `action_required` or `blocked` go on. */
  resume(accountId: string, domain: string): RegistrationRecord | undefined;
  /** Brings every registration up to date. */
  settleAll(): void;
  close(): void;
}

/**
 * Registers domains as the Registrar API documents it, with outcomes that depend on the name: `slow-`, `blocked-` (goes on after a day),
 * `action-required-` (never goes on by itself), `fails-`, `taken-`, `premium-`. Success charges the payment token presented for the
 * account, exactly once, and makes the zone.
 */
export function createRegistrar(api: Api): Registrar {
  const { registrations } = api.records;
  const timers = new Set<NodeJS.Timeout>();
  const find = (accountId: string, domain: string) => {
    const record = registrations.get(domain);
    return record?.accountId === accountId ? record : undefined;
  };
  const settleLater = (record: RegistrationRecord) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const current = registrations.get(record.domain);
      if (current?.chargeKey === record.chargeKey) settleRegistration(api, current, true);
    }, WORK_MS);
    timer.unref();
    timers.add(timer);
  };
  const isQuick = ({ state, readyAt }: RegistrationRecord) =>
    state === "in_progress" && readyAt - api.context.now() <= WORK_MS;

  return {
    check: (domain) => checkRegistrable(api, domain),
    order(order) {
      const known = find(order.accountId, order.domain);
      if (known !== undefined && known.state !== "failed")
        return settleRegistration(api, known, false);
      const started = startRegistration(api, order);
      if (!("code" in started) && isQuick(started)) settleLater(started);
      return started;
    },
    read(accountId, domain) {
      const record = find(accountId, domain);
      return record === undefined ? undefined : settleRegistration(api, record, false);
    },
    async wait(record) {
      const waits = isQuick(record);
      if (waits) await sleep(WORK_MS);
      return settleRegistration(api, registrations.get(record.domain) ?? record, waits);
    },
    resume(accountId, domain) {
      const record = find(accountId, domain);
      if (record?.state !== "action_required" && record?.state !== "blocked") return record;
      return settleRegistration(api, { ...record, state: "in_progress" }, true);
    },
    settleAll() {
      for (const record of registrations.list()) settleRegistration(api, record, false);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
