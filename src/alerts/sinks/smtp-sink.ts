import { memberAt } from "../../util/json-access.ts";
import { Secret } from "../../util/secret.ts";
import type { Alert } from "../alert.ts";
import { describeAlert } from "../describe-alert.ts";
import type { AlertSink, SinkAnswer } from "./sink.ts";

/** A mail server and whom it is to tell. */
export interface SmtpSettings {
  readonly host: string;
  /** On 465 TLS comes first; on every other port STARTTLS is demanded. */
  readonly port: number;
  readonly from: string;
  readonly to: readonly string[];
  /** Absent: the server asks for no login. `undefined` in it: the environment variable is not set. */
  readonly login?:
    | { readonly user: string | undefined; readonly password: string | undefined }
    | undefined;
}

export interface SmtpSurroundings {
  /** For one message, milliseconds; default 20,000. */
  readonly timeout?: number | undefined;
  /** Certificates of one's own authority, PEM. Default: those of Node. */
  readonly authority?: string | undefined;
  /** TLS first whatever the port, for servers that listen elsewhere. Default: on 465. */
  readonly isTlsFirst?: boolean | undefined;
}

/**
 * Sends each alert as a mail in plain words, always over TLS with a verified certificate. Accepted only when the server took it for every recipient.
 * `Message-ID` is made from the alert's id, so a repeat is known.
 */
export function createSmtpSink(
  { host, port, from, to, login }: SmtpSettings,
  { timeout = 20_000, authority, isTlsFirst = port === 465 }: SmtpSurroundings = {},
): AlertSink {
  const password = login?.password === undefined ? undefined : new Secret(login.password);
  return {
    name: `mail ${host}`,
    counts: true,
    async deliver(alert) {
      if (login !== undefined && (login.user === undefined || password === undefined))
        return { kind: "refused", code: "secret_missing" };
      // It loads Node's whole network side, and most commands send no mail.
      const { createTransport } = await import("nodemailer");
      const transport = createTransport({
        host,
        port,
        secure: isTlsFirst,
        requireTLS: !isTlsFirst,
        ...(login?.user === undefined || password === undefined
          ? {}
          : { auth: { user: login.user, pass: password.reveal() } }),
        tls: {
          minVersion: "TLSv1.2",
          rejectUnauthorized: true,
          ...(authority === undefined ? {} : { ca: authority }),
        },
        connectionTimeout: timeout,
        greetingTimeout: timeout,
        socketTimeout: timeout,
        dnsTimeout: timeout,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      try {
        const signal = AbortSignal.timeout(timeout);
        const sent = await transport.sendMail({ ...compose(alert, from, to), signal });
        return sent.accepted.length === to.length && sent.rejected.length === 0
          ? { kind: "accepted" }
          : { kind: "refused", code: "recipient_refused" };
      } catch (error) {
        return explain(error);
      } finally {
        transport.close();
      }
    },
  };
}

function compose(alert: Alert, from: string, to: readonly string[]) {
  const { title, text } = describeAlert(alert);
  return {
    from,
    to: [...to],
    subject: title,
    text: `${text}\n`,
    date: new Date(alert.at),
    messageId: `<${alert.id}@${from.slice(from.lastIndexOf("@") + 1)}>`,
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

/** Only nodemailer's code is looked at: its message holds what the server said. */
function explain(error: unknown): SinkAnswer {
  switch (memberAt(error, "code")) {
    case "EDNS":
    case "ECONNREFUSED":
      return { kind: "refused", code: "unreachable" };
    case "ETLS":
    case "EREQUIRETLS":
      return { kind: "refused", code: "tls_failed" };
    case "EAUTH":
    case "ENOAUTH":
      return { kind: "refused", code: "login_refused" };
    case "EENVELOPE":
    case "EMAXRECIPIENTS":
      return { kind: "refused", code: "recipient_refused" };
    case "EMESSAGE":
      return { kind: "refused", code: "refused" };
    case "ETIMEDOUT":
    case "EABORT":
      return { kind: "unknown", code: "timeout" };
    case "ESOCKET":
    case "ECONNECTION":
      return explainSocket(error);
    default:
      return { kind: "unknown", code: "broken" };
  }
}

/** A connection that was never made has sent nothing. */
function explainSocket(error: unknown): SinkAnswer {
  const reason = memberAt(error, "errno") ?? memberAt(error, "syscall");
  const syscall = memberAt(error, "syscall");
  if (reason !== undefined && syscall === "connect")
    return { kind: "refused", code: "unreachable" };
  return { kind: "unknown", code: "broken" };
}
