import { answerVercel, type VercelFunction } from "./answer-vercel.ts";
import { backOff } from "./back-off.ts";
import { deliverMessages } from "./deliver-messages.ts";
import { openEnvironment } from "./open-environment.ts";
import type { AppContext, Bindings, PortableApp } from "./portable-app.ts";
import { ATTEMPTS_MAX } from "./postgres-queue.ts";
import { readVercelPush } from "./read-vercel-push.ts";
import { reportFailure } from "./report-failure.ts";
import type { TextVariables } from "./service-url.ts";
import { takeVercelMessage } from "./take-vercel-message.ts";

/**
 * Makes the function of an app to which Vercel Queues pushes messages, one a call. Vercel lets nobody else call a function with such a trigger (Vercel docs, "Queues concepts",
 * "Consumer function security"); what the message becomes is told to Vercel Queues, so that the answer's status only says whether that went well: 200, 400 for what is no push,
 * or 500, after which it comes again.
 */
export function handleVercelQueue(
  app: PortableApp,
  variables: TextVariables = process.env,
): VercelFunction {
  const { env } = openEnvironment(variables, reportFailure);
  return {
    fetch(request, platform = {}) {
      return answerVercel(request, platform, async (context) => {
        let status = 500;
        try {
          status = await receive(app, request, { env, context, variables });
        } catch (failure) {
          reportFailure(failure);
        }
        return new Response(null, { status });
      });
    },
  };
}

async function receive(
  app: PortableApp,
  request: Request,
  {
    variables,
    ...around
  }: {
    readonly env: Bindings;
    readonly context: AppContext;
    readonly variables: TextVariables;
  },
): Promise<number> {
  const push = await readVercelPush(request);
  if (push === undefined) return 400;
  const { queue } = push;
  const held = await takeVercelMessage(push, variables);
  if (held === undefined) return 200;
  const { id, attempts } = held.message;
  const giveUp = async (): Promise<void> => {
    reportFailure(`message ${id} of the queue ${queue} is given up after ${ATTEMPTS_MAX} times`);
    await held.acknowledge();
  };
  // Each of its deliveries ended with the process.
  if (attempts > ATTEMPTS_MAX) {
    await giveUp();
    return 200;
  }
  const { repeated, failure } = await deliverMessages(app, queue, [held.message], around);
  if (failure !== undefined) reportFailure(failure);
  const [again] = repeated;
  if (again === undefined) await held.acknowledge();
  else if (attempts >= ATTEMPTS_MAX) await giveUp();
  else await held.repeat(again.delaySeconds ?? backOff(attempts));
  return 200;
}
