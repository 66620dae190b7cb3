import { parseJson } from "../../util/parse-json.ts";
import type { SandboxContext, Surface } from "../context.ts";
import { answerOrganizations } from "./answer-organizations.ts";
import { answerSts } from "./answer-sts.ts";
import { awsSessions } from "./aws-records.ts";
import type { AwsOrganization } from "./derive-organization.ts";
import { isSigned } from "./is-signed.ts";
import { refuseAws } from "./refuse-aws.ts";

const TARGET = /^AWSOrganizationsV20161128\.([A-Za-z]+)$/;

/** AWS Organizations, and the one action of STS that opens the accounts it makes. */
export function createAws(
  context: SandboxContext,
  {
    organization,
    machineNow,
  }: { readonly organization: AwsOrganization; readonly machineNow: () => number },
): Surface {
  return {
    async handle(request, url) {
      const [, service] = /^\/aws\/(organizations|sts)\/$/.exec(url.pathname) ?? [];
      if (service === undefined) return undefined;
      const body = await request.text();
      const { accessKeyId, secretAccessKey } = organization;
      const expected = { accessKeyId, secretAccessKey, service, now: machineNow() };
      if (request.method !== "POST" || !isSigned(request, url, body, expected))
        return refuseAws("InvalidSignatureException", 403);
      return context.store.transaction(() => {
        if (service === "sts") return answerSts(context, body);
        const [, action] = TARGET.exec(request.headers.get("x-amz-target") ?? "") ?? [];
        const input = parseJson(body);
        if (action === undefined || input === undefined) return refuseAws("SerializationException");
        return answerOrganizations(context, organization, action, input);
      });
    },
    books() {
      const now = context.now();
      return {
        accessTokens: awsSessions(context.store)
          .list()
          .map(({ accountId, tokenHash, expiresAt, policy }) => ({
            ...{ provider: "aws", accountId, tokenId: tokenHash.slice(0, 16), kind: "bearer" },
            status: expiresAt <= now ? "expired" : "active",
            expiresAt: new Date(expiresAt).toISOString(),
            valueHash: tokenHash,
            permissions: [policy],
          })),
      };
    },
    close: async () => {},
  };
}
