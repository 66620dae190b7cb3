import type { Secret } from "../../../util/secret.ts";
import { createAccountOnly } from "../account-only.ts";
import type { AccountAnswer, Orchestrator } from "../contract.ts";
import { toUnsent } from "../to-unsent.ts";
import { findLinked } from "./find-linked.ts";
import type { GooglePlace } from "./google-place.ts";
import googleProjects from "./index.ts";
import { judgeState } from "./judge-state.ts";
import { linkBilling } from "./link-billing.ts";
import { lookAtProject } from "./look-at-project.ts";
import { makeProject } from "./make-project.ts";
import { mintToken } from "./mint-token.ts";

/** Projects of an organisation at Google Cloud, each with its link to the billing account. Nothing here ever closes one. */
export function createGoogleProjects(place: GooglePlace): Orchestrator {
  return createAccountOnly({
    id: googleProjects.id,
    capabilities: googleProjects.capabilities,
    makesAnother: true,

    isHealthy: async () => (await mintToken(place, "name")).kind === "token",

    async requestAccount(request) {
      const minted = await mintToken(place, "manage");
      if (minted.kind !== "token") return toUnsent(minted);
      const { token } = minted;
      if (request.accountId !== undefined) return reopen(place, token, request.accountId);
      if (request.mode === "link") {
        const found = await findLinked(place, token, request);
        return found.kind === "found" ? reopen(place, token, found.projectId) : found;
      }
      const made = await makeProject(place, token, request);
      if (made.kind !== "made") return made;
      const link = await linkBilling(place, token, made.projectId, false);
      // There is a project now, so that no refusal is a no to the whole request.
      if (link !== "linked") return { kind: "unknown", code: link.code };
      const answer = await enter(place, made.projectId);
      return answer.kind === "connected" ? answer : { kind: "unknown", code: answer.code };
    },
  });
}

/** A session with a project that there is. Nothing about it is changed. */
async function reopen(
  place: GooglePlace,
  token: Secret,
  projectId: string,
): Promise<AccountAnswer> {
  const seen = await lookAtProject(place, token, projectId);
  if (seen.kind === "hidden") return { kind: "refused", code: "account_hidden", unsent: true };
  if (seen.kind !== "project") return toUnsent(seen);
  const doubt = judgeState(seen.project);
  if (doubt !== undefined) return toUnsent(doubt);
  // Somebody has moved it, or looks for it elsewhere now: it is still there, and billed.
  if (seen.project.parent !== place.parent) return { kind: "unknown", code: "account_mismatch" };
  const link = await linkBilling(place, token, projectId, true);
  if (link !== "linked") return toUnsent(link);
  const answer = await enter(place, projectId);
  return answer.kind === "connected" ? answer : toUnsent(answer);
}

/** What is handed on says whose it is and may nothing: a token that may all in this project alone is not to be had. */
async function enter(place: GooglePlace, accountId: string) {
  const minted = await mintToken(place, "name");
  if (minted.kind !== "token") return minted;
  const { token: accessToken, expiresAt } = minted;
  return { kind: "connected", credentials: { accountId, accessToken, expiresAt } } as const;
}
