import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { SMTPServer } from "smtp-server";
import { CERTIFICATE, PRIVATE_KEY } from "./webhook-receiver.ts";

export interface MailServer {
  readonly port: number;
  /** Whole messages, as they came. */
  readonly mails: readonly string[];
  close(): Promise<void>;
}

export interface MailServerOptions {
  readonly port?: number;
  /** TLS from the first byte. Default false: STARTTLS. */
  readonly tlsFirst?: boolean;
  /** Offers no TLS at all. */
  readonly plain?: boolean;
  readonly login?: { readonly user: string; readonly password: string };
  /** Recipients that are refused. */
  readonly refused?: readonly string[];
  /** Takes the message and then says no. */
  readonly refuseMessage?: boolean;
  /** Takes the message and never answers. */
  readonly hangAfterMessage?: boolean;
}

/** A real SMTP server on 127.0.0.1. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: string[] = [];
  const { login } = options;
  const server = new SMTPServer({
    secure: options.tlsFirst ?? false,
    key: PRIVATE_KEY,
    cert: CERTIFICATE,
    authOptional: login === undefined,
    disabledCommands: [
      ...(options.plain === true ? ["STARTTLS"] : []),
      ...(login === undefined ? ["AUTH"] : []),
    ],
    closeTimeout: 50,
    onAuth(auth, _session, done) {
      if (auth.username === login?.user && auth.password === login?.password)
        return done(null, { user: auth.username });
      return done(new Error(`no such login: ${auth.password}`));
    },
    onRcptTo({ address }, _session, done) {
      return done(options.refused?.includes(address) === true ? new Error("who?") : null);
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (options.hangAfterMessage === true) return;
        if (options.refuseMessage === true) return done(new Error("spam"));
        mails.push(Buffer.concat(chunks).toString("utf8"));
        return done();
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Takes connections and never says a word. */
export async function startSilentServer(port: number): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
