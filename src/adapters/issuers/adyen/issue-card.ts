import type { PaymentInstrumentInfo } from "@adyen/api-library/lib/src/typings/balancePlatform/paymentInstrumentInfo.js";
import type { PaymentInstrumentUpdateRequest } from "@adyen/api-library/lib/src/typings/balancePlatform/paymentInstrumentUpdateRequest.js";
import { canonicalJson } from "../../../util/canonical-json.ts";
import { memberAt, textAt } from "../../../util/json-access.ts";
import { sha256 } from "../../../util/sha256.ts";
import type { TokenOrder } from "../contract.ts";
import type { AdyenApis, AdyenConnection, createAdyenCall } from "./call-adyen.ts";
import { buildRule, isSameRule, RULE_NAMES, toSeconds } from "./card-rules.ts";

type Call = ReturnType<typeof createAdyenCall>;
/** Not issued; after `refused` nothing is there that could be charged. */
interface Fault {
  readonly kind: "refused" | "unknown";
  readonly code: string;
}

const CARD_ID = /^PI[A-Za-z0-9]{10,62}$/;

/** Makes a card that cannot pay yet. The description names the order's terms, so that an answer to another order under the same key is noticed. */
export async function createCard(
  call: Call,
  connection: AdyenConnection,
  order: TokenOrder,
): Promise<{ readonly kind: "made"; readonly id: string } | Fault> {
  const description = `supercargo ${fingerprint(order)}`;
  const info = {
    type: "card",
    status: "inactive",
    balanceAccountId: connection.balanceAccountId,
    issuingCountryCode: connection.issuingCountryCode,
    description,
    reference: order.key,
    card: {
      brand: connection.brand,
      brandVariant: connection.brandVariant,
      cardholderName: connection.cardholderName,
      formFactor: "virtual",
    },
  } as unknown as PaymentInstrumentInfo;
  const made = await call(({ instruments }) =>
    instruments.createPaymentInstrument(info, { idempotencyKey: order.key }),
  );
  if (made.kind === "absent") return { kind: "refused", code: "resource_missing" };
  if (made.kind !== "object") return made;
  const id = textAt(made.body, ["id"], CARD_ID);
  if (id === undefined || memberAt(made.body, "reference") !== order.key)
    return { kind: "unknown", code: "malformed" };
  return memberAt(made.body, "description") === description
    ? { kind: "made", id }
    : { kind: "unknown", code: "idempotency_conflict" };
}

/** Makes every rule, each under a key of its own, looks that it is what was asked for, and only then lets the card pay. `amount` is the cap in Adyen's units. */
export async function limitAndStart(
  call: Call,
  id: string,
  order: TokenOrder,
  amount: number,
): Promise<Fault | undefined> {
  for (const name of RULE_NAMES) {
    const wanted = buildRule(name, id, order, amount);
    const idempotencyKey = sha256(`${order.key}/${name}`);
    const made = await call(({ rules }) => rules.createTransactionRule(wanted, { idempotencyKey }));
    if (made.kind === "absent") return { kind: "refused", code: "resource_missing" };
    if (made.kind === "refused" && made.code === "unreachable") return { ...made, kind: "unknown" };
    if (made.kind !== "object") return made;
    if (!isSameRule(made.body, wanted)) return { kind: "refused", code: "wrong_limits" };
  }
  const started = await changeStatus(call, id, { status: "active" });
  if (started.kind === "absent") return { kind: "refused", code: "resource_missing" };
  if (started.kind === "refused" && started.code === "unreachable")
    return { ...started, kind: "unknown" };
  if (started.kind !== "object") return started;
  return memberAt(started.body, "status") === "active"
    ? undefined
    : { kind: "refused", code: "not_active" };
}

/** Closes a card for good; true when Adyen says that it is closed. Repeating is harmless. */
export async function closeCard(call: Call, id: string): Promise<boolean> {
  await changeStatus(call, id, { status: "closed", statusReason: "endOfLife" });
  const seen = await call(({ instruments }) => instruments.getPaymentInstrument(id));
  return (
    seen.kind === "absent" || (seen.kind === "object" && memberAt(seen.body, "status") === "closed")
  );
}

function changeStatus(call: Call, id: string, change: Readonly<Record<string, string>>) {
  return call(({ instruments }: AdyenApis) =>
    instruments.updatePaymentInstrument(id, change as PaymentInstrumentUpdateRequest),
  );
}

function fingerprint({ payee, cap, expiresAt }: TokenOrder): string {
  const { currency, minor } = cap;
  return sha256(canonicalJson([payee, currency, minor.toString(), toSeconds(expiresAt)])).slice(
    0,
    32,
  );
}
