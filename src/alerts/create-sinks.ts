import type { AlertClock } from "./deliver-alerts.ts";
import { createLogSink } from "./sinks/log-sink.ts";
import type { AlertSink } from "./sinks/sink.ts";
import { createSmtpSink, type SmtpSurroundings } from "./sinks/smtp-sink.ts";
import { createWebhookSink, type WebhookSurroundings } from "./sinks/webhook-sink.ts";

/** Which sinks there are, as the guardrails' `alerts` say. */
export interface SinkSettings {
  /** The log's acceptance is enough for a blocking alert. */
  readonly logIsEnough: boolean;
  readonly webhooks: readonly {
    readonly url: string;
    readonly secretFrom: string;
    readonly allowLoopback: boolean;
  }[];
  readonly mail: readonly {
    readonly host: string;
    readonly port: number;
    readonly from: string;
    readonly to: readonly string[];
    readonly login?: { readonly userFrom: string; readonly passwordFrom: string } | undefined;
  }[];
}

export interface SinkSurroundings {
  /** Absolute path of `alerts.jsonl`. */
  readonly logFile: string;
  /** Holds the secrets under the names that the settings give. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: AlertClock;
  readonly webhook?: Omit<WebhookSurroundings, "clock"> | undefined;
  readonly mail?: SmtpSurroundings | undefined;
}

/** The log, every webhook, every mail server; a sink whose secret is not there refuses every alert. Names are unique. */
export function createSinks(
  { logIsEnough, webhooks, mail }: SinkSettings,
  { logFile, env, clock, webhook, mail: smtp }: SinkSurroundings,
): readonly AlertSink[] {
  const read = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  return nameApart([
    createLogSink(logFile, { counts: logIsEnough }),
    ...webhooks.map(({ url, secretFrom, allowLoopback }) =>
      createWebhookSink({ url, secret: read(secretFrom), allowLoopback }, { ...webhook, clock }),
    ),
    ...mail.map(({ login, ...server }) =>
      createSmtpSink(
        {
          ...server,
          login: login && { user: read(login.userFrom), password: read(login.passwordFrom) },
        },
        smtp,
      ),
    ),
  ]);
}

/** A second sink of the same name is called `name 2`. */
function nameApart(sinks: readonly AlertSink[]): readonly AlertSink[] {
  const seen = new Map<string, number>();
  return sinks.map((sink) => {
    const count = (seen.get(sink.name) ?? 0) + 1;
    seen.set(sink.name, count);
    return count === 1 ? sink : { ...sink, name: `${sink.name} ${count}` };
  });
}
