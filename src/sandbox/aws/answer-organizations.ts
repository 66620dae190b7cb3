import { listAt, textAt } from "../../util/json-access.ts";
import type { SandboxContext } from "../context.ts";
import { type AwsAccount, awsAccounts, awsCreateRequests } from "./aws-records.ts";
import { advanceRequest, beginRequest, describeRequest } from "./create-requests.ts";
import type { AwsOrganization } from "./derive-organization.ts";
import { refuseAws } from "./refuse-aws.ts";

/** Fewer than asked for, as is allowed, so that whoever lists must turn pages. */
const PAGE_ROWS = 4;

/** One action of AWS Organizations. */
export function answerOrganizations(
  context: SandboxContext,
  organization: AwsOrganization,
  action: string,
  input: unknown,
): Response {
  const { store } = context;
  const account = awsAccounts(store).get(textAt(input, ["AccountId"]) ?? "");
  switch (action) {
    case "DescribeOrganization": {
      const { id: Id, managementAccount: MasterAccountId } = organization;
      return Response.json({ Organization: { Id, MasterAccountId, FeatureSet: "ALL" } });
    }
    case "CreateAccount":
      return beginRequest(context, input);
    case "DescribeCreateAccountStatus": {
      const id = textAt(input, ["CreateAccountRequestId"]) ?? "";
      const known = awsCreateRequests(store).get(id);
      return known === undefined
        ? refuseAws("CreateAccountStatusNotFoundException")
        : Response.json({ CreateAccountStatus: describeRequest(advanceRequest(context, known)) });
    }
    case "ListCreateAccountStatus": {
      const states = listAt(input, "States");
      const all = awsCreateRequests(store)
        .list()
        .map((one) => advanceRequest(context, one))
        .filter(({ state }) => states === undefined || states.includes(state));
      return answerPage("CreateAccountStatuses", all.map(describeRequest), input);
    }
    case "ListAccounts": {
      const all = awsAccounts(store).list();
      const rows = [describeManagement(organization), ...all.map(describeAccount(organization))];
      return answerPage("Accounts", rows, input);
    }
    case "DescribeAccount":
      return account === undefined
        ? refuseAws("AccountNotFoundException")
        : Response.json({ Account: describeAccount(organization)(account) });
    case "ListTagsForResource": {
      const resource = awsAccounts(store).get(textAt(input, ["ResourceId"]) ?? "");
      return resource === undefined
        ? refuseAws("TargetNotFoundException")
        : Response.json({ Tags: resource.tags });
    }
    default:
      return refuseAws("UnknownOperationException");
  }
}

function answerPage(member: string, rows: readonly unknown[], input: unknown): Response {
  const first = Number(textAt(input, ["NextToken"], /^\d{1,6}$/) ?? 0);
  const after = first + PAGE_ROWS;
  return Response.json({
    [member]: rows.slice(first, after),
    ...(after < rows.length && { NextToken: String(after) }),
  });
}

function describeManagement(organization: AwsOrganization) {
  return describeAccount(organization)({
    ...{ id: organization.managementAccount, email: "aws@sandbox.example", name: "Management" },
    ...{ tags: [], joinedMethod: "INVITED", state: "ACTIVE", joinedAt: 0, isRoleTried: true },
  });
}

function describeAccount({ id, managementAccount }: AwsOrganization) {
  return (account: AwsAccount) => ({
    Id: account.id,
    Arn: `arn:aws:organizations::${managementAccount}:account/${id}/${account.id}`,
    Email: account.email,
    Name: account.name,
    State: account.state,
    Status: account.state,
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: account.joinedAt / 1000,
  });
}
