import type { JsonExchange } from "../../../util/fetch-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { Secret } from "../../../util/secret.ts";
import type { ClaimLinkAnswer, ResourceAnswer, SessionEnd } from "../contract.ts";
import { readConsentUrl } from "../read-consent-url.ts";
import { type NeonApi, readNeonFailure } from "./neon-api.ts";
import { readNeonCredential } from "./neon-credential.ts";
import type { AccountMethods } from "./vendor.ts";

/** The catalogue's name of the database, which is what an account is. */
const DATABASE = "postgres";
/** The catalogue's plan within whose limits an unclaimed project is: there is nothing to make of it, and nothing to remove. */
const PLAN = "free";
const GONE: ResourceAnswer = { kind: "absent" };

/** What can be done with the one database of an account. Creating it makes nothing: it was there with the account, so that repeating is harmless. */
export function createNeonMethods(api: NeonApi, now: () => number): AccountMethods {
  const place: Place = { api, now, deleted: new Set() };
  return {
    async createResource({ accessToken, service }) {
      if (service !== DATABASE && service !== PLAN)
        return { kind: "refused", code: "unsupported", unsent: true };
      const project = readNeonCredential(accessToken.reveal())?.project ?? "";
      const seen = await look(api, accessToken, service === PLAN ? planOf(project) : project);
      return seen.kind === "absent" ? { kind: "refused", code: "claim_expired" } : seen;
    },
    readResource: ({ accessToken, id }) => look(api, accessToken, id),
    removeResource: ({ accessToken, id }) => remove(place, accessToken, id),
    endSession: ({ accessToken }) => end(place, accessToken),
    makeClaimLink: ({ accessToken }) => makeLink(api, accessToken, now),
  };
}

async function look(api: NeonApi, accessToken: Secret, id: string): Promise<ResourceAnswer> {
  const account = readNeonCredential(accessToken.reveal());
  if (account === undefined) return { kind: "unknown", code: "malformed" };
  const { project, assertion } = account;
  if (id !== project && id !== planOf(project)) return GONE;
  const granted = await api.exchange(assertion);
  if (granted.kind !== "token") return toDoubt(granted);
  const { token } = granted;
  const seen = await api.send("GET", `/v1/projects/${project}/credentials`, { token });
  if (seen.kind === "failure" || seen.status !== 200) return toDoubt(readNeonFailure(seen));
  const access = readAccess(seen, project);
  if (access === undefined) return { kind: "unknown", code: "malformed" };
  return { kind: "complete", id, access: id === project ? access : {} };
}

interface Place {
  readonly api: NeonApi;
  readonly now: () => number;
  /** Projects that were certainly deleted by this process. */
  readonly deleted: Set<string>;
}

/** A dead assertion alone is no proof: it is dead, too, while a person claims a project that lives. */
async function remove(
  { api, now, deleted }: Place,
  accessToken: Secret,
  id: string,
): Promise<ResourceAnswer> {
  const account = readNeonCredential(accessToken.reveal());
  if (account === undefined) return { kind: "unknown", code: "malformed" };
  const { project, assertion } = account;
  if (id === planOf(project)) return { kind: "removed", id };
  if (id !== project) return GONE;
  const granted = await api.exchange(assertion);
  if (granted.kind === "gone")
    return granted.isForEver || account.until <= now() || deleted.has(project)
      ? GONE
      : { kind: "unknown", code: "not_confirmed" };
  if (granted.kind !== "token") return toDoubt(granted);
  const gone = await api.send("DELETE", `/v1/projects/${project}`, { token: granted.token });
  if (gone.kind === "failure" || gone.status > 299) return toDoubt(readNeonFailure(gone));
  // Deleting kills the assertion, too, which is the proof.
  const after = await api.exchange(assertion);
  if (after.kind !== "gone") return { kind: "unknown", code: "not_confirmed" };
  deleted.add(project);
  return { kind: "removed", id };
}

async function end({ api, now }: Place, accessToken: Secret): Promise<SessionEnd> {
  const account = readNeonCredential(accessToken.reveal());
  if (account === undefined) return { kind: "unknown", code: "malformed" };
  const body = new URLSearchParams({ token: account.assertion });
  const revoked = await api.send("POST", "/v1/oauth2/revoke", { body });
  const isHeard = revoked.kind === "answer" && revoked.status >= 200 && revoked.status <= 299;
  const after = await api.exchange(account.assertion);
  const isOver = after.kind === "gone" && (isHeard || after.isForEver || account.until <= now());
  return isOver ? { kind: "ended" } : { kind: "unknown", code: "not_confirmed" };
}

async function makeLink(
  api: NeonApi,
  accessToken: Secret,
  now: () => number,
): Promise<ClaimLinkAnswer> {
  const account = readNeonCredential(accessToken.reveal());
  if (account === undefined) return { kind: "unknown", code: "malformed" };
  const granted = await api.exchange(account.assertion);
  if (granted.kind === "gone") return { kind: "refused", code: "claim_expired" };
  if (granted.kind !== "token") return granted;
  const path = `/v1/projects/${account.project}/claim`;
  const made = await api.send("POST", path, { token: granted.token });
  if (made.kind === "failure" || made.status > 299) {
    const failure = readNeonFailure(made);
    return failure.kind === "gone" ? { kind: "refused", code: "claim_expired" } : failure;
  }
  const url = readConsentUrl(textAt(made.body, ["verification_uri_complete"]));
  const seconds = memberAt(made.body, "expires_in");
  if (url === undefined || typeof seconds !== "number" || !(seconds > 0 && seconds < 1e9))
    return { kind: "unknown", code: "malformed" };
  const expiresAt = new Date(now() + Math.floor(seconds) * 1000).toISOString();
  return { kind: "link", url: new Secret(url), expiresAt };
}

function planOf(project: string): string {
  return `${project}.${PLAN}`;
}

/** What is expired, deleted or claimed is out of our reach for ever; of everything else a look that fails says nothing. */
function toDoubt(failure: { readonly kind: string; readonly code?: string }): ResourceAnswer {
  return failure.kind === "gone" ? GONE : { kind: "unknown", code: failure.code ?? "malformed" };
}

/** The names are those that the provisioning protocol's databases have in the sandbox, so that an app need not know who vouched. */
function readAccess(
  { body }: JsonExchange & { readonly kind: "answer" },
  project: string,
): Readonly<Record<string, Secret>> | undefined {
  const text = textAt(body, ["database_url"], /^postgres(ql)?:\/\/\S{8,4096}$/);
  if (text === undefined || !URL.canParse(text) || textAt(body, ["project_id"]) !== project)
    return undefined;
  const { hostname, username, password, pathname } = new URL(text);
  return {
    connection_string: new Secret(text),
    host: new Secret(hostname),
    user: new Secret(decodeURIComponent(username)),
    password: new Secret(decodeURIComponent(password)),
    database: new Secret(decodeURIComponent(pathname.slice(1))),
  };
}
