import { isDots } from "./is-dots.ts";
import { readDelivery } from "./read-delivery.ts";

/** What a push of Vercel Queues tells. */
export interface VercelPush {
  /** The topic. */
  readonly queue: string;
  readonly consumer: string;
  readonly id: string;
  readonly region: string;
  /** The message itself, leased to this call; absent where it is too large to be pushed, and has to be fetched. */
  readonly leased?: {
    readonly receipt: string;
    readonly body: string;
    /** 1 at the first delivery. */
    readonly attempts: number;
    readonly timestamp: Date;
  };
}

const TYPE = "com.vercel.queue.v2beta";
const NAME = /^[A-Za-z0-9_-]+$/;

/** Reads a push: CloudEvents' binary mode, with what `@vercel/queue` 0.6 (`parseCallback`) reads of it. Undefined for anything else. */
export async function readVercelPush(request: Request): Promise<VercelPush | undefined> {
  const { headers } = request;
  const tell = (name: string): string => headers.get(`ce-vqs${name}`) ?? "";
  const [queue, consumer, id] = [tell("queuename"), tell("consumergroup"), tell("messageid")];
  const [region, receipt] = [tell("region"), tell("receipthandle")];
  const isPush =
    headers.get("ce-type") === TYPE && [queue, consumer].every((name) => NAME.test(name));
  if (!isPush || id === "" || region === "" || isDots(id) || isDots(receipt)) return undefined;
  const push = { queue, consumer, id, region };
  if (receipt === "") return push;
  return {
    ...push,
    leased: {
      receipt,
      body: await request.text(),
      ...readDelivery(tell("deliverycount"), tell("createdat")),
    },
  };
}
