import { Secret } from "../../../util/secret.ts";
import { readSilence } from "../read-silence.ts";
import { readTime } from "../read-time.ts";
import { type AwsPlace, callAws } from "./call-aws.ts";

/** What AWS gives each account that an organisation makes; the stack's provider takes on the same one. */
const ROLE = "OrganizationAccountAccessRole";
/** The shortest session there is (API reference, `AssumeRole`). */
const SECONDS = 900;
/** What a session may do at most: nobody needs it for more than to show that the account can be entered. */
const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" }],
});

export type Assumed =
  | { readonly kind: "assumed"; readonly session: Secret; readonly expiresAt: string }
  | { readonly kind: "refused" | "unknown"; readonly code: string };

/** Takes on the role in an account; the session is JSON with `accessKeyId`, `secretAccessKey` and `sessionToken`. */
export async function assumeRole(place: AwsPlace, accountId: string): Promise<Assumed> {
  const form = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: `arn:aws:iam::${accountId}:role/${ROLE}`,
    RoleSessionName: "supercargo",
    DurationSeconds: String(SECONDS),
    Policy: POLICY,
  });
  const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
  const exchange = await callAws(place, "sts", headers, form.toString());
  if (exchange.kind === "failure") return readSilence(exchange);
  const { status, text } = exchange;
  if (status >= 400 && status < 500 && elementOf(text, "Code") === "AccessDenied")
    return { kind: "refused", code: "unauthorized" };
  const accessKeyId = elementOf(text, "AccessKeyId");
  const secretAccessKey = elementOf(text, "SecretAccessKey");
  const sessionToken = elementOf(text, "SessionToken");
  const expiresAt = readTime(elementOf(text, "Expiration"));
  if (status !== 200 || expiresAt === undefined) return { kind: "unknown", code: "malformed" };
  if (!accessKeyId || !secretAccessKey || !sessionToken)
    return { kind: "unknown", code: "malformed" };
  const session = new Secret(JSON.stringify({ accessKeyId, secretAccessKey, sessionToken }));
  return { kind: "assumed", session, expiresAt };
}

/** The text of the only element of a name that holds nothing but text; such as are looked for here need no escapes. */
function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(
    `<${name}>\\s*([\\x21-\\x25\\x27-\\x3b\\x3d-\\x7e]{1,4096})\\s*</${name}>`,
  ).exec(xml)?.[1];
}
