import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAdyenIssuer } from "../../src/adapters/issuers/adyen/client.ts";
import type { IssueAnswer, TokenOrder } from "../../src/adapters/issuers/contract.ts";
import { createStripeIssuer } from "../../src/adapters/issuers/stripe/client.ts";
import { createStripeIssuingIssuer } from "../../src/adapters/issuers/stripe-issuing/client.ts";
import type { Fetch } from "../../src/util/fetch-json.ts";
import { CURRENCY_CODES, currencyExponent, type Money, parseMoney } from "../../src/util/money.ts";
import { Secret } from "../../src/util/secret.ts";

const EXPIRES = new Date(1_800_000_000_000).toISOString();

interface Sent {
  readonly path: string;
  readonly body: string;
}

/** An issuer whose every answer is `respond`'s, and the amounts that it was sent. */
interface Probe {
  issue(cap: Money): Promise<IssueAnswer>;
  readonly sent: readonly Sent[];
  /** The cap as it stood in the requests; undefined when none was sent. */
  readCap(): bigint | undefined;
}

type Respond = (path: string, init: RequestInit) => unknown;

function watch(respond: Respond): { readonly fetch: Fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(url, init) {
      const { pathname } = new URL(url);
      const body = respond(pathname, init);
      sent.push({ path: pathname, body: String(init.body ?? "") });
      return Response.json(body);
    },
  };
}

function order(cap: Money, payee: string): TokenOrder {
  return { key: "key-1", payee, cap, expiresAt: EXPIRES };
}

function openStripe(captured?: { readonly value: number; readonly currency: string }) {
  const { fetch, sent } = watch((_, init) => {
    const form = new URLSearchParams(String(init.body ?? ""));
    return {
      ...{ id: "spt_1234567890", status: "active" },
      usage_limits: {
        currency: form.get("usage_limits[currency]") ?? captured?.currency,
        max_amount: Number(form.get("usage_limits[max_amount]")),
        expires_at: 1_800_000_000,
      },
      ...(captured && { usage_details: { amount_captured: captured } }),
    };
  });
  const issuer = createStripeIssuer(
    { secretKey: "sk_test_1", paymentMethod: "pm_1" },
    { fetch, maxNetworkRetries: 0 },
  );
  const probe: Probe = {
    sent,
    issue: (cap) => issuer.issue(order(cap, "profile_1")),
    readCap: () => readForm(sent[0], "usage_limits[max_amount]"),
  };
  return { issuer, probe };
}

function openStripeIssuing(): Probe {
  const { fetch, sent } = watch((_, init) => {
    const form = new URLSearchParams(String(init.body ?? ""));
    const at = (name: string) => form.get(name);
    return {
      ...{ id: "ic_1234567890", status: "active", currency: at("currency") },
      metadata: { supercargo_terms: at("metadata[supercargo_terms]") },
      spending_controls: {
        allowed_categories: [at("spending_controls[allowed_categories][0]")],
        spending_limits: [
          {
            amount: Number(at("spending_controls[spending_limits][0][amount]")),
            interval: "all_time",
          },
        ],
      },
    };
  });
  const issuer = createStripeIssuingIssuer(
    { secretKey: "sk_test_1", cardholder: "ich_1" },
    { fetch, maxNetworkRetries: 0 },
  );
  return {
    sent,
    issue: (cap) => issuer.issue(order(cap, "computer_network_services")),
    readCap: () => readForm(sent[0], "spending_controls[spending_limits][0][amount]"),
  };
}

function openAdyen(taken?: { readonly value: number; readonly currency: string }) {
  const { fetch, sent } = watch((path, init) => {
    const body = init.body === undefined ? {} : JSON.parse(String(init.body));
    if (path.endsWith("/transactions"))
      return { data: taken === undefined ? [] : [{ amount: taken }] };
    if (init.method === "GET" && path.endsWith("/transactionRules"))
      return {
        transactionRules: [
          {
            description: "supercargo expiry",
            startDate: EXPIRES,
            ruleRestrictions: { totalAmount: { value: { currency: taken?.currency, value: 0 } } },
          },
        ],
      };
    return { id: "PI00000000000000000001", status: "active", ...body };
  });
  const fields = { issuingCountryCode: "NL", brand: "mc", brandVariant: "mcdebit" };
  const issuer = createAdyenIssuer(
    { ...fields, apiKey: "key", balanceAccountId: "BA1", cardholderName: "Founder" },
    { fetch, now: () => 1_700_000_000_000, repeats: 0 },
  );
  const probe: Probe = {
    sent,
    issue: (cap) => issuer.issue(order(cap, "M123@ACQ001")),
    readCap() {
      const rules = sent.filter(({ path }) => path.endsWith("/transactionRules"));
      const cap = rules.map(({ body }) => JSON.parse(body)).find(({ type }) => type === "velocity");
      const value: unknown = cap?.ruleRestrictions.totalAmount.value.value;
      return typeof value === "number" ? BigInt(value) : undefined;
    },
  };
  return { issuer, probe };
}

function readForm(sent: Sent | undefined, name: string): bigint | undefined {
  const text = new URLSearchParams(sent?.body ?? "").get(name);
  return text === null ? undefined : BigInt(text);
}

/** Decimals by the words of https://docs.stripe.com/currencies: two, unless a currency is listed otherwise. */
function stripeDecimals(currency: string): number {
  if (/^(BIF|CLP|DJF|GNF|JPY|KMF|KRW|MGA|PYG|RWF|VND|VUV|XAF|XOF|XPF)$/.test(currency)) return 0;
  return /^(BHD|JOD|KWD|OMR|TND)$/.test(currency) ? 3 : 2;
}

/** Decimals by https://docs.adyen.com/development-resources/currency-codes: those of ISO 4217, but for four that it marks as different. */
function adyenDecimals(currency: string): number {
  const marked: Readonly<Record<string, number>> = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };
  return marked[currency] ?? currencyExponent(currency) ?? Number.NaN;
}

const PROBES = [
  {
    name: "stripe",
    open: () => openStripe().probe,
    decimals: stripeDecimals,
    takes: "AED CHF EUR GBP HUF INR ISK JPY KRW KWD MGA TWD UGX USD ZAR",
    refuses: "CLF CUP GHS IQD IRR KPW LYD MRU STN SYP UYW VES XCG",
  },
  {
    name: "stripe-issuing",
    open: openStripeIssuing,
    decimals: stripeDecimals,
    takes: "USD EUR GBP",
    refuses: "CHF IDR ISK JPY KWD MGA UGX",
  },
  {
    name: "adyen",
    open: () => openAdyen().probe,
    decimals: adyenDecimals,
    takes: "CHF CLP CVE EUR GBP HUF IDR IQD ISK JPY KWD LYD TWD UGX USD ZAR",
    refuses: "AFN BGN BIF CLF IRR LBP MGA UYW VES",
  },
];

describe.each(PROBES)("what $name is told of a cap", ({ open, decimals, takes, refuses }) => {
  it("is that cap exactly in every currency, or nothing at all", async () => {
    const currency = fc.constantFrom(...CURRENCY_CODES);
    // Whole hundreds and thousands too, which every rule about last digits lets through.
    const minor = fc
      .tuple(fc.bigInt(1n, 10n ** 9n), fc.constantFrom(1n, 10n, 100n, 1000n, 100_000n))
      .map(([count, unit]) => count * unit);
    await fc.assert(
      fc.asyncProperty(currency, minor, async (code, amount) => {
        const probe = open();
        const answer = await probe.issue({ currency: code, minor: amount });
        const cap = probe.readCap();
        if (answer.kind === "issued") {
          const ours = 10n ** BigInt(currencyExponent(code) ?? Number.NaN);
          expect((cap ?? -1n) * ours).toBe(amount * 10n ** BigInt(decimals(code)));
          return;
        }
        expect(answer.kind).toBe("refused");
        expect(["currency_unsupported", "amount_unsupported"]).toContain(answer.code);
        expect(probe.sent).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("comes in the currencies of its page, and in no other", async () => {
    for (const code of CURRENCY_CODES) {
      const probe = open();
      const exponent = currencyExponent(code) ?? Number.NaN;
      const answer = await probe.issue({ currency: code, minor: 10n ** BigInt(exponent) * 100n });
      if (takes.split(" ").includes(code)) expect([code, answer.kind]).toEqual([code, "issued"]);
      if (!refuses.split(" ").includes(code)) continue;
      expect([code, answer]).toEqual([code, { kind: "refused", code: "currency_unsupported" }]);
      expect(probe.sent).toEqual([]);
    }
  });
});

describe("a cap in a currency that is counted otherwise than by ISO 4217", () => {
  it.each([
    ["stripe", "50000.00 MGA", 50_000n],
    ["stripe", "5 ISK", 500n],
    ["stripe", "7 UGX", 700n],
    ["stripe", "10.45 HUF", 1045n],
    ["stripe", "800.45 TWD", 80_045n],
    ["stripe", "5.120 KWD", 5120n],
    ["adyen", "100000.00 IDR", 100_000n],
    ["adyen", "900.00 CVE", 900n],
    ["adyen", "5 ISK", 500n],
    ["adyen", "1500 CLP", 150_000n],
  ])("%s: %s is %s", async (name, text, expected) => {
    const probe = (name === "stripe" ? openStripe() : openAdyen()).probe;
    expect((await probe.issue(read(text))).kind).toBe("issued");
    expect(probe.readCap()).toBe(expected);
  });

  it.each([
    ["stripe", "50000.50 MGA"],
    ["stripe", "5.124 KWD"],
    ["adyen", "100000.50 IDR"],
    ["adyen", "0.01 CVE"],
  ])("%s: %s can't be said, and is not rounded", async (name, text) => {
    const probe = (name === "stripe" ? openStripe() : openAdyen()).probe;
    expect(await probe.issue(read(text))).toEqual({ kind: "refused", code: "amount_unsupported" });
    expect(probe.sent).toEqual([]);
  });

  it.each(["stripe", "adyen"])("%s: is refused where it could not be read back", async (name) => {
    const probe = (name === "stripe" ? openStripe() : openAdyen()).probe;
    const cap = { currency: "ISK", minor: 10n ** 15n - 1n };
    expect(await probe.issue(cap)).toEqual({ kind: "refused", code: "amount_unsupported" });
    expect(probe.sent).toEqual([]);
  });
});

describe("what was taken, in a currency that is counted otherwise than by ISO 4217", () => {
  it.each([
    ["mga", 50_000, "50000.00 MGA"],
    ["isk", 500, "5 ISK"],
    ["kwd", 5120, "5.120 KWD"],
  ])("stripe: %s %s is %s", async (currency, value, text) => {
    const { issuer } = openStripe({ value, currency });
    const state = await issuer.read(new Secret("spt_1234567890"));
    expect(state).toMatchObject({ kind: "active", captured: read(text) });
  });

  it.each([
    ["IDR", 100_000, "100000.00 IDR"],
    ["CLP", 150_001, "1501 CLP"],
  ])("adyen: %s %s is %s, never less than it was", async (currency, value, text) => {
    const { issuer } = openAdyen({ value: -value, currency });
    const state = await issuer.read(new Secret("PI00000000000000000001"));
    expect(state).toMatchObject({ kind: "active", captured: read(text) });
  });

  it("is unknown in a currency that nobody counts", async () => {
    const stripe = openStripe({ value: 1, currency: "clf" }).issuer;
    const adyen = openAdyen({ value: -1, currency: "MGA" }).issuer;
    expect((await stripe.read(new Secret("spt_1234567890"))).kind).toBe("unknown");
    expect((await adyen.read(new Secret("PI00000000000000000001"))).kind).toBe("unknown");
  });
});

function read(text: string): Money {
  const money = parseMoney(text);
  if (money === undefined) throw new Error(text);
  return money;
}
