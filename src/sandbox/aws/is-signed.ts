import { createHmac, timingSafeEqual } from "node:crypto";
import { sha256 } from "../../util/sha256.ts";

/** A signature is fresh for this long by the machine's clock, either way (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html). */
const FRESH_MS = 300_000;
const FORM =
  /^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)\/(\d{8})\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** Whether a request without a query is signed with these keys for a service (signature version 4). */
export function isSigned(
  request: Request,
  url: URL,
  body: string,
  expected: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly service: string;
    readonly now: number;
  },
): boolean {
  const match = FORM.exec(request.headers.get("authorization") ?? "");
  const [, key, day = "", region = "", service = "", names = "", signature = ""] = match ?? [];
  const time = request.headers.get("x-amz-date") ?? "";
  if (key !== expected.accessKeyId || service !== expected.service || url.search !== "")
    return false;
  const at = Date.parse(
    time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (!(Math.abs(expected.now - at) <= FRESH_MS) || !time.startsWith(day)) return false;
  const list = names.split(";");
  if (!list.includes("host") || !list.includes("x-amz-date")) return false;
  const headers = list.map((name) => {
    const value = name === "host" ? url.host : (request.headers.get(name) ?? "");
    return `${name}:${value.trim().replace(/ +/g, " ")}\n`;
  });
  const canonical = [request.method, url.pathname, "", headers.join(""), names, sha256(body)];
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical.join("\n"))].join("\n");
  const hmac = (secret: string | Buffer, part: string) =>
    createHmac("sha256", secret).update(part).digest();
  const secret = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${expected.secretAccessKey}`,
  );
  return timingSafeEqual(hmac(secret, text), Buffer.from(signature, "hex"));
}
