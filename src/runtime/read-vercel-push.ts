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
  const region = tell("region");
  const isPush =
    headers.get("ce-type") === TYPE && [queue, consumer].every((name) => NAME.test(name));
  if (!isPush || id === "" || region === "") return undefined;
  const push = { queue, consumer, id, region };
  const receipt = tell("receipthandle");
  if (receipt === "") return push;
  const attempts = Number(tell("deliverycount"));
  const sent = Date.parse(tell("createdat"));
  return {
    ...push,
    leased: {
      receipt,
      body: await request.text(),
      attempts: Number.isInteger(attempts) && attempts > 0 ? attempts : 1,
      timestamp: new Date(Number.isNaN(sent) ? Date.now() : sent),
    },
  };
}
