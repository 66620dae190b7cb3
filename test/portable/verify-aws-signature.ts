import type { IncomingMessage } from "node:http";
import { AwsV4Signer } from "aws4fetch";

/** Headers that a client's signature covers besides what it adds itself. */
const ADDED = new Set(["host", "x-amz-date", "x-amz-security-token"]);

/** Whether a request to an AWS service is signed with these keys (signature version 4), by signing what came once more. */
export async function verifyAwsSignature(
  { method = "", url = "", headers }: IncomingMessage,
  body: string,
  keys: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<boolean> {
  const { authorization = "" } = headers;
  const scope = /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+),/;
  const [, region, service, signed = ""] = scope.exec(authorization) ?? [];
  if (region === undefined || service === undefined) return false;
  const signer = new AwsV4Signer({
    ...keys,
    ...{ method, body, region, service },
    url: `http://${headers.host}${url}`,
    headers: signed
      .split(";")
      .filter((name) => !ADDED.has(name))
      .map((name): [string, string] => [name, String(headers[name])]),
    datetime: String(headers["x-amz-date"]),
  });
  return (await signer.authHeader()) === authorization;
}
