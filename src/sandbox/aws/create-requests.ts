import { listAt, textAt } from "../../util/json-access.ts";
import type { AccountRecord, SandboxContext } from "../context.ts";
import {
  type AwsAccount,
  type AwsCreateRequest,
  awsAccounts,
  awsCreateRequests,
} from "./aws-records.ts";
import { refuseAws } from "./refuse-aws.ts";

/** Accounts of an organisation, the management account among them (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html). */
const ACCOUNTS_MAX = 10;
/** Looks at a request until it is done. */
const LOOKS = 2;

/** `CreateAccount`: begins, and knows no idempotency key. */
export function beginRequest({ store, now, random }: SandboxContext, input: unknown): Response {
  const email = textAt(
    input,
    ["Email"],
    /^(?=.{6,64}$)[\x21-\x7e]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
  );
  const name = textAt(input, ["AccountName"], /^[\x20-\x7e]{1,50}$/);
  const tags = readTags(listAt(input, "Tags") ?? []);
  if (email === undefined || name === undefined || tags === undefined)
    return refuseAws("InvalidInputException");
  const request: AwsCreateRequest = {
    ...{ id: `car-${random(16)}`, email, name, tags, state: "IN_PROGRESS", looks: 0 },
    ...{ failureReason: undefined, accountId: undefined, requestedAt: now() },
  };
  awsCreateRequests(store).put(request.id, request);
  return Response.json({ CreateAccountStatus: describeRequest(request) });
}

/** What a look at a request shows; the second one, that it is done. */
export function advanceRequest(
  context: SandboxContext,
  request: AwsCreateRequest,
): AwsCreateRequest {
  if (request.state !== "IN_PROGRESS") return request;
  const looks = request.looks + 1;
  const next = looks < LOOKS ? { ...request, looks } : finish(context, { ...request, looks });
  awsCreateRequests(context.store).put(next.id, next);
  return next;
}

export function describeRequest(request: AwsCreateRequest) {
  const { id, name, state, accountId, failureReason, requestedAt } = request;
  return {
    Id: id,
    AccountName: name,
    State: state,
    RequestedTimestamp: requestedAt / 1000,
    ...(accountId !== undefined && { AccountId: accountId }),
    ...(failureReason !== undefined && { FailureReason: failureReason }),
  };
}

function finish(context: SandboxContext, request: AwsCreateRequest): AwsCreateRequest {
  const { store, now, random } = context;
  const all = awsAccounts(store).list();
  const failureReason = findReason(context, request, all);
  if (failureReason !== undefined) return { ...request, state: "FAILED", failureReason };
  const { email, name, tags } = request;
  const id = String(BigInt(`0x${random(8)}`) % 10n ** 12n).padStart(12, "0");
  awsAccounts(store).put(id, {
    ...{ id, email, name, tags, joinedMethod: "CREATED", state: "ACTIVE", joinedAt: now() },
    isRoleTried: false,
  });
  store.collection<AccountRecord>("accounts").put(`aws/${id}`, {
    ...{ provider: "aws", accountId: id, email, name, requestId: request.id, closed: false },
    createdAt: new Date(now()).toISOString(),
  });
  return { ...request, state: "SUCCEEDED", accountId: id };
}

function findReason(
  { store }: SandboxContext,
  { id, email }: AwsCreateRequest,
  accounts: readonly AwsAccount[],
): string | undefined {
  if (accounts.some((one) => one.email === email)) return "EMAIL_ALREADY_EXISTS";
  const earlier = awsCreateRequests(store)
    .list()
    .find((one) => one.email === email && one.state === "IN_PROGRESS");
  if (earlier !== undefined && earlier.id !== id) return "CONCURRENT_ACCOUNT_MODIFICATION";
  return accounts.length + 1 >= ACCOUNTS_MAX ? "ACCOUNT_LIMIT_EXCEEDED" : undefined;
}

function readTags(rows: readonly unknown[]): AwsAccount["tags"] | undefined {
  const form = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  const tags = rows.map((row) => ({
    Key: textAt(row, ["Key"], form) ?? "",
    Value: textAt(row, ["Value"], form) ?? "",
  }));
  return tags.some(({ Key }) => Key === "" || Key.length > 128) ? undefined : tags;
}
