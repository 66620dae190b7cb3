import type { DomainNode } from "../../../compiler/2-model/model.ts";
import { formatMoney } from "../../../util/money.ts";
import { accountId, paymentTokenId } from "../lease-resources.ts";
import { CLOUDFLARE, type LowerNode } from "./lowering.ts";

/**
 * A domain at Cloudflare's registrar, bought by the broker: `cloudflare_registrar_domain` only changes settings. It outlives the
 * stack, because a registration cannot be given back.
 */
export const lowerDomain: LowerNode<DomainNode> = (_context, node) => ({
  resources: [
    {
      name: node.name,
      origin: node.name,
      type: "supercargo_domain",
      args: {
        provider: CLOUDFLARE,
        account: accountId(CLOUDFLARE),
        payment_token: paymentTokenId(CLOUDFLARE),
        domain: node.domain,
        years: node.years,
        max_price: formatMoney(node.maxPrice),
        auto_renew: node.autoRenew,
      },
      retain: true,
    },
  ],
  prices: [{ service: "cloudflare/registrar:domain", category: "domains", irreversible: true }],
});
