import type { SandboxContext, Surface } from "../context.ts";
import type { OrchestratorIdentity } from "../orchestrator/identities.ts";
import type { ProviderService } from "../providers/provider-service.ts";
import { answerCommand } from "./answer-command.ts";
import type { CliQuestion } from "./cli-question.ts";
import { openCliRecords } from "./cli-records.ts";
import { openProviderLine } from "./provider-line.ts";

const PREFIX = "/orchestrator/stripe-projects/cli/";

/** Stripe's side of the played CLI, for whoever has its login. */
export function createStripeCli(
  context: SandboxContext,
  parts: {
    readonly identity: OrchestratorIdentity;
    readonly services: readonly ProviderService[];
    readonly login: string;
    /** Stripe's key at the issuer, for its own payment tokens. */
    readonly issuerKey: string;
  },
): Surface {
  const { identity, services, login, issuerKey } = parts;
  const records = openCliRecords(context);
  const side = { context, identity, records, line: openProviderLine(context, identity) };
  return {
    async handle(request, url) {
      if (request.method !== "POST" || !url.pathname.startsWith(PREFIX)) return undefined;
      const command = url.pathname.slice(PREFIX.length).replace(/\/preflight$/, "");
      const isLoggedIn = request.headers.get("authorization") === `Bearer ${login}`;
      const question = (await request.json()) as CliQuestion;
      return Response.json(
        await answerCommand({ side, services, issuerKey, isLoggedIn }, command, question),
      );
    },
    close: async () => {},
  };
}
