import { parseCron } from "../../data-plane/cron-expression.ts";
import type { Api } from "../api.ts";
import { flag, list, text } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Call, Route } from "../route.ts";
import type { ScriptRecord } from "../worker-records.ts";
import { SCRIPTS_READ, SCRIPTS_WRITE, withScript } from "./script-routes.ts";

const SUBDOMAIN = "/accounts/:account/workers/scripts/:script/subdomain";
const SCHEDULES = "/accounts/:account/workers/scripts/:script/schedules";
const ACCOUNT_SUBDOMAIN = "/accounts/:account/workers/subdomain";

/** What makes a script run: its name below the account's `workers.dev` subdomain, and its schedules (API docs, Workers). */
export function triggerRoutes(api: Api): readonly Route[] {
  const change = (script: ScriptRecord, changes: Partial<ScriptRecord>) => {
    const changed = { ...script, ...changes };
    api.records.scripts.put(`${script.accountId}/${script.name}`, changed);
    return succeed(printSubdomain(changed));
  };
  return [
    {
      method: "GET",
      path: SUBDOMAIN,
      needs: SCRIPTS_READ,
      handle: withScript(api, (script) => succeed(printSubdomain(script))),
    },
    {
      method: "POST",
      path: SUBDOMAIN,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script, { body }) => {
        const enabled = flag(body, "enabled");
        if (enabled === undefined) return fail(400, 10021, "enabled is missing");
        return change(script, {
          isOnSubdomain: enabled,
          hasPreviews: flag(body, "previews_enabled") ?? script.hasPreviews,
        });
      }),
    },
    {
      method: "DELETE",
      path: SUBDOMAIN,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script) =>
        change(script, { isOnSubdomain: false, hasPreviews: false }),
      ),
    },
    {
      method: "GET",
      path: SCHEDULES,
      needs: SCRIPTS_READ,
      handle: withScript(api, (script) => succeed(printSchedules(script))),
    },
    {
      method: "PUT",
      path: SCHEDULES,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script, { body }) => replaceSchedules(api, script, body)),
    },
    {
      method: "GET",
      path: ACCOUNT_SUBDOMAIN,
      needs: SCRIPTS_READ,
      handle({ accountId }) {
        const subdomain = api.records.details.get(accountId)?.subdomain;
        return subdomain === undefined
          ? fail(404, 10007, "The account has no workers.dev subdomain.")
          : succeed({ subdomain });
      },
    },
    {
      method: "PUT",
      path: ACCOUNT_SUBDOMAIN,
      needs: SCRIPTS_WRITE,
      handle: (call) => claimSubdomain(api, call),
    },
  ];
}

function printSubdomain(script: ScriptRecord): object {
  return { enabled: script.isOnSubdomain, previews_enabled: script.hasPreviews };
}

function printSchedules({ schedules }: ScriptRecord): object {
  return {
    schedules: schedules.map(({ cron, createdOn, modifiedOn }) => ({
      cron,
      created_on: createdOn,
      modified_on: modifiedOn,
    })),
  };
}

/** The body is the whole list, bare or as `{schedules}`. */
function replaceSchedules(api: Api, script: ScriptRecord, body: unknown): Response {
  const crons = (Array.isArray(body) ? body : list(body, "schedules")).map(
    (entry) => text(entry, "cron") ?? "",
  );
  const bad = crons.find((cron) => parseCron(cron) === undefined);
  if (bad !== undefined) return fail(400, 10100, `invalid cron string: ${bad}`);
  const now = api.timestamp();
  const schedules = crons.map((cron) => {
    const earlier = script.schedules.find((schedule) => schedule.cron === cron);
    return earlier ?? { cron, createdOn: now, modifiedOn: now };
  });
  const changed = { ...script, schedules };
  api.records.scripts.put(`${script.accountId}/${script.name}`, changed);
  return succeed(printSchedules(changed));
}

/** One account has one subdomain, and a subdomain one account. */
function claimSubdomain(api: Api, { accountId, body }: Call): Response {
  const { details, accounts } = api.records;
  const subdomain = text(body, "subdomain") ?? "";
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(subdomain))
    return fail(400, 10030, "the subdomain is not valid");
  const mine = details.get(accountId);
  const isTaken = accounts
    .list()
    .some(
      (other) =>
        other.accountId !== accountId && details.get(other.accountId)?.subdomain === subdomain,
    );
  if (isTaken) return fail(400, 10031, "the subdomain is taken");
  if (mine?.subdomain !== undefined && mine.subdomain !== subdomain)
    return fail(400, 10036, "The account already has a workers.dev subdomain.");
  details.put(accountId, { ...mine, type: mine?.type ?? "standard", subdomain });
  return succeed({ subdomain });
}
