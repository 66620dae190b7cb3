import type { LoweredResource, LoweredText, LoweredValue } from "../contract.ts";
import { type CreateNative, createNative } from "../create-native.ts";
import { json } from "../lowered-values.ts";

/** The vendor's id, as in manifests, price list and provider-schema types. */
export const AWS = "aws";
/** Name of the explicit provider of the native resources. */
export const PROVIDER_NAME = "aws.provider";
/**
 * Where everything is. No manifest can say it yet, and nothing of the machine's environment may: prices are those of this region, and CloudFront takes
 * certificates from no other.
 */
export const REGION = "us-east-1";

/** A resource of AWS. */
export const native: CreateNative = createNative(PROVIDER_NAME);

/** One statement of an IAM policy. */
export interface Statement {
  /** Default `Allow`. */
  readonly effect?: "Deny" | undefined;
  /** Whom a policy of a resource is about. */
  readonly principal?: string | undefined;
  readonly actions: readonly string[];
  readonly resources: readonly LoweredText[];
  /** Operator -> key -> value. */
  readonly when?: Readonly<Record<string, Readonly<Record<string, LoweredText>>>> | undefined;
}

/** The JSON of a policy (IAM user guide, "Policy elements"). */
export function policy(...statements: readonly Statement[]): LoweredValue {
  return json({ Version: "2012-10-17", Statement: statements.map(printStatement) });
}

function printStatement(statement: Statement): LoweredValue {
  const { effect = "Allow", principal, actions, resources, when } = statement;
  const operators = Object.entries(when ?? {}).map(([operator, keys]) => [
    operator,
    { kind: "map", entries: keys } as const,
  ]);
  return {
    kind: "map",
    entries: {
      Effect: effect,
      ...(principal !== undefined && {
        Principal: { kind: "map", entries: { Service: principal } },
      }),
      Action: [...actions],
      ...(resources.length > 0 && { Resource: [...resources] }),
      ...(when && { Condition: { kind: "map", entries: Object.fromEntries(operators) } }),
    },
  };
}

/** A role that one service of AWS takes on, and no other. */
export function lowerRole(
  name: string,
  origin: string,
  roleName: string,
  service: string,
): LoweredResource {
  const assume: Statement = { principal: service, actions: ["sts:AssumeRole"], resources: [] };
  return native(name, origin, "aws_iam_role", {
    name: roleName,
    assume_role_policy: policy(assume),
  });
}
