import { sha256 } from "../../util/sha256.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import { buildHtmlPage } from "../html-page.ts";
import { refuseNeon } from "./neon-answer.ts";
import {
  type NeonRegistration,
  type NeonToken,
  neonRegistrations,
  readNeonState,
} from "./neon-records.ts";

const CODE_SECONDS = 900;

/** What a token may do with its own project: `GET /v1/projects/<id>/credentials`, `POST .../claim`, `DELETE /v1/projects/<id>`. */
export function serveProject(
  context: SandboxContext,
  route: string,
  bearer: string,
): Response | undefined {
  const [, method, project = "", verb] =
    /^(GET|POST|DELETE) \/v1\/projects\/([\w-]+)(?:\/(\w+))?$/.exec(route) ?? [];
  if (method === undefined) return undefined;
  const { store, now } = context;
  const token = store.collection<NeonToken>("neon-tokens").get(sha256(bearer));
  if (token === undefined || token.expiresAt <= now()) return refuseNeon("unauthorized");
  const found = neonRegistrations(store).get(token.project);
  if (found === undefined || project !== token.project) return refuseNeon("route_not_allowed");
  const state = readNeonState(found, now());
  if (state === "expired") return refuseNeon("project_expired");
  if (state !== "unclaimed") return refuseNeon("project_claimed");
  if (method === "GET" && verb === "credentials") return pull(context, found);
  if (method === "POST" && verb === "claim") return makeCode(context, found);
  if (method === "DELETE" && verb === undefined) {
    neonRegistrations(store).put(project, { ...found, state: "deleted", isRevoked: true });
    return new Response(null, { status: 204 });
  }
  return refuseNeon("route_not_allowed");
}

function pull({ store, unseal }: SandboxContext, found: NeonRegistration): Response {
  neonRegistrations(store).put(found.project, { ...found, isPulled: true });
  return Response.json({
    ...{ project_id: found.project, branch_id: found.branch, services: {} },
    database_url: unseal(found.sealedUrl),
    expires_at: new Date(found.expiresAt).toISOString(),
  });
}

/** A code for a person; an earlier one dies. */
function makeCode(context: SandboxContext, found: NeonRegistration): Response {
  const code = context.mintSecret("neon claim code");
  const expiresAt = context.now() + CODE_SECONDS * 1000;
  neonRegistrations(context.store).put(found.project, {
    ...found,
    code: { hash: sha256(code), expiresAt },
  });
  const verification_uri = `${context.controlUrl}/claimable/neon/claim`;
  const verification_uri_complete = `${verification_uri}?user_code=${code}`;
  return Response.json({
    ...{ user_code: code, verification_uri, verification_uri_complete },
    ...{ expires_in: CODE_SECONDS, interval: 5 },
  });
}

/** `POST /claim?user_code=` (form: `email`): the project is that person's, and everything that was handed out before is dead. */
export function claimProject(context: SandboxContext, url: URL, body: string): Response {
  const { store, now } = context;
  const hash = sha256(url.searchParams.get("user_code") ?? "");
  const found = neonRegistrations(store)
    .list()
    .find(({ code }) => code?.hash === hash && code.expiresAt > now());
  if (found === undefined || readNeonState(found, now()) !== "unclaimed")
    return buildHtmlPage("Nothing to claim", "<p>This link is used, expired or wrong.</p>", 410);
  const email = new URLSearchParams(body).get("email")?.toLowerCase() ?? "";
  if (email === "") return buildHtmlPage("Who are you?", "<p>Log in first.</p>", 400);
  const accounts = store.collection<AccountRecord>("accounts");
  const account = accounts.get(`neon/${found.project}`);
  if (account !== undefined) accounts.put(`neon/${found.project}`, { ...account, email });
  neonRegistrations(store).put(found.project, {
    ...found,
    ...{ state: "claimed", isRevoked: true, code: null },
  });
  return buildHtmlPage("Claimed", "<p>The project is yours.</p>");
}
