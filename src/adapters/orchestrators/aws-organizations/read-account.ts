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
  readonly state: AccountState;
}

/** `over`: AWS shows that somebody has closed it. `unclear`: suspended, which AWS may take back, or a word that we do not know. */
export type AccountState = "active" | "beginning" | "over" | "unclear";

/** Words of `State` ("Monitor the state of your AWS accounts"); all others are unclear. */
const STATES: ReadonlyMap<string, AccountState> = new Map([
  ["ACTIVE", "active"],
  ["PENDING_ACTIVATION", "beginning"],
  ["PENDING_CLOSURE", "over"],
  ["CLOSED", "over"],
]);

/** Undefined where it has another form. */
export function readAccount(row: unknown): OrganizationAccount | undefined {
  const id = textAt(row, ["Id"], /^\d{12}$/);
  const email = textAt(row, ["Email"])?.toLowerCase();
  // `arn:aws:organizations::<management account>:account/<organisation>/<account>`
  const owner = /^arn:[\w-]+:organizations::(\d{12}):account\//.exec(textAt(row, ["Arn"]) ?? "");
  if (id === undefined || email === undefined || owner === null) return undefined;
  return {
    ...{ id, email },
    isManaging: owner[1] === id,
    isCreated: textAt(row, ["JoinedMethod"]) === "CREATED",
    state: readState(row),
  };
}

/** `Status` came before `State` and calls suspended and closed alike, so that alone it says nothing but that an account is active. */
function readState(row: unknown): AccountState {
  const state = textAt(row, ["State"]);
  if (state !== undefined) return STATES.get(state) ?? "unclear";
  return textAt(row, ["Status"]) === "ACTIVE" ? "active" : "unclear";
}
