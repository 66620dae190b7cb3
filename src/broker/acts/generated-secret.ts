import type { Json } from "../../util/canonical-json.ts";
import { Secret } from "../../util/secret.ts";
import { eventOf, leaseEvent, perform, settle } from "../act.ts";
import type { BrokerContext } from "../context.ts";
import { fail } from "../errors.ts";
import type { LeaseWrite } from "../ledger/ledger.ts";
import type { LeaseInputs } from "../protocol.ts";
import { openSecrets, sealSecrets } from "../secrets.ts";
import { type Answer, GONE, type Handler, identifyIntent } from "./handler.ts";

type Inputs = LeaseInputs["secret"];

/** Random bytes, made here and kept sealed. Nothing outside takes part, so the act's answer is the value itself. */
export const secretHandler: Handler<"secret"> = {
  async open(context, { identity, inputs, intent: unfinished, generation }) {
    const ids = identifyIntent("secret", "create", identity, generation, inputs);
    const about = { ...ids, provider: "broker", via: "broker" };
    const done = await perform<{ readonly kind: "made"; readonly value: Secret }>(context, {
      open: unfinished ?? {
        ...about,
        parameters: {},
        run: context.run(),
        stoppable: true,
        event: eventOf(context, about, "secret-requested"),
      },
      send: async () => ({ kind: "made", value: makeValue(context, inputs) }),
      settleDoubt: async () => ({ kind: "send" }),
    });
    if (done.kind === "denied") return done.failure;
    const { intent, answer } = done;
    const lease: LeaseWrite = {
      id: intent.lease,
      identity,
      kind: "secret",
      generation: intent.generation,
      provider: "broker",
      parent: undefined,
      state: "live",
      revocability: "never",
      natural: intent.lease,
      intent: intent.key,
      inputs: inputs as unknown as Json,
      outputs: {},
      notes: {},
      expiresAt: undefined,
    };
    await settle(context, intent, {
      state: "settled",
      lease,
      secrets: sealSecrets(context, lease.id, { value: answer.value }),
      events: [eventOf(context, intent, "secret-created")],
    });
    return grant(context, lease);
  },

  async adopt(context, lease, inputs) {
    await context.ledger.note([leaseEvent(context, lease, "secret-adopted")]);
    return takeOver(context, lease, inputs);
  },

  read: (context, lease) => grant(context, lease),

  update: (context, lease, inputs) => takeOver(context, lease, inputs),

  async remove(context, lease) {
    const closed: LeaseWrite = { ...lease, state: "closed" };
    await context.ledger.change({
      lease: closed,
      events: [leaseEvent(context, closed, "secret-forgotten")],
    });
    return GONE;
  },

  async rotate(context, lease) {
    await replaceValue(context, lease, lease.inputs as unknown as Inputs);
    return undefined;
  },
};

/** Another length is another value. */
async function takeOver(
  context: BrokerContext,
  lease: LeaseWrite,
  inputs: Inputs,
): Promise<Answer<"secret">> {
  if ((lease.inputs as unknown as Inputs).bytes === inputs.bytes) return grant(context, lease);
  return grant(context, await replaceValue(context, lease, inputs));
}

async function replaceValue(
  context: BrokerContext,
  lease: LeaseWrite,
  inputs: Inputs,
): Promise<LeaseWrite> {
  const rotated: LeaseWrite = { ...lease, inputs: inputs as unknown as Json };
  await context.ledger.change({
    lease: rotated,
    secrets: sealSecrets(context, lease.id, { value: makeValue(context, inputs) }),
    events: [leaseEvent(context, rotated, "secret-rotated")],
  });
  return rotated;
}

function makeValue(context: BrokerContext, { bytes }: Inputs): Secret {
  return new Secret(Buffer.from(context.random.bytes(bytes)).toString("base64url"));
}

async function grant(context: BrokerContext, lease: LeaseWrite): Promise<Answer<"secret">> {
  const { value } = await openSecrets(context, lease.id);
  if (value === undefined) return fail("internal");
  return { ok: true, id: lease.id, outputs: { value: value.reveal() } };
}
