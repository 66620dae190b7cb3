import { textAt } from "../../../util/json-access.ts";

/** An account of the organisation, as `ListAccounts` and `DescribeAccount` show it. */
export interface OrganizationAccount {
  readonly id: string;
  /** Of its root user, lower case. */
  readonly email: string;
  /** It manages the organisation: no request ever opens it. */
  readonly isManaging: boolean;
  /** Made here, not invited. */
  readonly isCreated: boolean;
  readonly state: "active" | "beginning" | "over";
}

/** Undefined where it has another form. */
export function readAccount(row: unknown): OrganizationAccount | undefined {
  const id = textAt(row, ["Id"], /^\d{12}$/);
  const email = textAt(row, ["Email"])?.toLowerCase();
  // `arn:aws:organizations::<management account>:account/<organisation>/<account>`
  const owner = /^arn:[\w-]+:organizations::(\d{12}):account\//.exec(textAt(row, ["Arn"]) ?? "");
  // `Status` is what `State` was called before.
  const state = textAt(row, ["State"]) ?? textAt(row, ["Status"]);
  if (id === undefined || email === undefined || owner === null) return undefined;
  return {
    ...{ id, email },
    isManaging: owner[1] === id,
    isCreated: textAt(row, ["JoinedMethod"]) === "CREATED",
    state: state === "ACTIVE" ? "active" : state === "PENDING_ACTIVATION" ? "beginning" : "over",
  };
}
