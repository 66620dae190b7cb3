import { sha256 } from "../../util/sha256.ts";
import type { SandboxContext } from "../context.ts";
import { awsAccounts, awsSessions } from "./aws-records.ts";

const ROLE = /^arn:aws:iam::(\d{12}):role\/OrganizationAccountAccessRole$/;
/** A session's shortest and, where a role takes on another one, longest life (API reference, `AssumeRole`). */
const SECONDS_MIN = 900;
const SECONDS_MAX = 3_600;

/** `AssumeRole` into an account that the organisation made; the first try meets a role that is not there yet. */
export function answerSts(context: SandboxContext, body: string): Response {
  const { store, now } = context;
  const form = new URLSearchParams(body);
  const [, accountId = ""] = ROLE.exec(form.get("RoleArn") ?? "") ?? [];
  const seconds = Number(form.get("DurationSeconds") ?? SECONDS_MAX);
  if (form.get("Action") !== "AssumeRole" || form.get("Version") !== "2011-06-15")
    return refuse(400, "InvalidAction");
  if (!(seconds >= SECONDS_MIN && seconds <= SECONDS_MAX) || !form.get("RoleSessionName"))
    return refuse(400, "ValidationError");
  const account = awsAccounts(store).get(accountId);
  if (account?.isRoleTried === false)
    awsAccounts(store).put(accountId, { ...account, isRoleTried: true });
  const isThere = account?.isRoleTried === true && account.joinedMethod === "CREATED";
  if (!isThere || account.state !== "ACTIVE") return refuse(403, "AccessDenied");
  const secret = context.mintSecret("aws session secret");
  const token = context.mintSecret("aws session token");
  const expiresAt = now() + seconds * 1000;
  const policy = form.get("Policy") ?? "";
  const tokenHash = sha256(token);
  awsSessions(store).put(tokenHash, { accountId, tokenHash, expiresAt, policy });
  return answerXml(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <Credentials>
      <AccessKeyId>ASIA${context.random(8).toUpperCase()}</AccessKeyId>
      <SecretAccessKey>${secret}</SecretAccessKey>
      <SessionToken>${token}</SessionToken>
      <Expiration>${new Date(expiresAt).toISOString()}</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>`,
  );
}

function refuse(status: number, code: string): Response {
  return answerXml(
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`,
  );
}

function answerXml(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/xml" } });
}
