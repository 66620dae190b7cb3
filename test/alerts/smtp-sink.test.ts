import { describe, expect, test } from "vitest";
import { createSmtpSink, type SmtpSettings } from "../../src/alerts/sinks/smtp-sink.ts";
import { findLeaks } from "../leaks/find-leaks.ts";
import { blockingAlert } from "./arbitraries.ts";
import { type MailServerOptions, startMailServer, startSilentServer } from "./mail-server.ts";
import { describeSink, type SinkMood } from "./sink-conformance.ts";
import { CERTIFICATE } from "./webhook-receiver.ts";

const LOGIN = { user: "alerts", password: "canary-mail-password-0123456789" };
/** No test waits for it to pass, however busy the machine is. */
const PATIENT = { timeout: 25_000, authority: CERTIFICATE };
/** For a server that never answers. */
const HASTY = { ...PATIENT, timeout: 1_500 };
const settings = (port: number, more: Partial<SmtpSettings> = {}): SmtpSettings => ({
  host: "localhost",
  port,
  from: "supercargo@example.com",
  to: ["founder@example.com", "finance@example.com"],
  ...more,
});
const idOf = (mail: string): string => /^Message-ID: <([^@]+)@/m.exec(mail)?.[1] ?? "";

describeSink("mail", async () => {
  let server: {
    readonly port?: number;
    readonly mails?: readonly string[];
    close(): Promise<void>;
  };
  const first = await startMailServer({ login: LOGIN });
  server = first;
  const { port } = first;
  let sink = createSmtpSink(settings(port, { login: LOGIN }), PATIENT);
  return {
    get sink() {
      return sink;
    },
    async set(mood: SinkMood) {
      const surroundings = mood === "hanging" ? HASTY : PATIENT;
      sink = createSmtpSink(settings(port, { login: LOGIN }), surroundings);
      await server.close();
      if (mood === "down") server = { close: async () => undefined };
      else if (mood === "hanging") server = await startSilentServer(port);
      else
        server = await startMailServer({ port, login: LOGIN, refuseMessage: mood === "refusing" });
    },
    kept: () => [...new Set((server.mails ?? []).map(idOf))],
    secrets: [LOGIN.password],
    close: () => server.close(),
  };
});

/** Sends the blocking alert to a server of this kind. */
async function send(options: MailServerOptions, more: Partial<SmtpSettings> = {}) {
  const server = await startMailServer(options);
  try {
    const sink = createSmtpSink(settings(server.port, more), {
      ...(options.hangAfterMessage === true ? HASTY : PATIENT),
      isTlsFirst: options.tlsFirst,
    });
    const answer = await sink.deliver(blockingAlert());
    expect(findLeaks(new Map([["answer", JSON.stringify(answer)]]), [LOGIN.password])).toEqual([]);
    return { answer, mails: server.mails };
  } finally {
    await server.close();
  }
}

describe("promise 7: a mail counts only when every recipient was accepted, over TLS", () => {
  test("says in plain words what happened", async () => {
    const { answer, mails } = await send({});
    expect(answer).toEqual({ kind: "accepted" });
    expect(mails[0]).toContain("Subject: Supercargo: 90 % of the cap total/2026-11 is reached");
    expect(mails[0]).toContain("92.00 USD of 100.00 USD are spent");
    expect(mails[0]).toContain("To: founder@example.com, finance@example.com");
    expect(mails[0]).not.toContain(LOGIN.password);
  });

  test("with TLS from the first byte, too", async () => {
    expect((await send({ tlsFirst: true })).answer).toEqual({ kind: "accepted" });
  });

  test("one refused recipient is one too many", async () => {
    const { answer } = await send({ refused: ["finance@example.com"] });
    expect(answer).toEqual({ kind: "refused", code: "recipient_refused" });
    const all = ["finance@example.com", "founder@example.com"];
    expect((await send({ refused: all })).answer).toEqual({
      kind: "refused",
      code: "recipient_refused",
    });
  });

  test("a server without TLS gets neither the message nor the password", async () => {
    const { answer, mails } = await send({ plain: true, login: LOGIN }, { login: LOGIN });
    expect(answer).toEqual({ kind: "refused", code: "tls_failed" });
    expect(mails).toEqual([]);
  });

  test("a certificate that cannot be verified is refused", async () => {
    const server = await startMailServer();
    const sink = createSmtpSink(settings(server.port), { timeout: PATIENT.timeout });
    expect((await sink.deliver(blockingAlert())).kind).not.toBe("accepted");
    expect(server.mails).toEqual([]);
    await server.close();
  });

  test("a wrong password is refused, a missing one sends nothing", async () => {
    const wrong = { user: LOGIN.user, password: "canary-wrong-password-0123456789" };
    expect((await send({ login: LOGIN }, { login: wrong })).answer).toEqual({
      kind: "refused",
      code: "login_refused",
    });
    const missing = { user: LOGIN.user, password: undefined };
    expect((await send({ login: LOGIN }, { login: missing })).answer).toEqual({
      kind: "refused",
      code: "secret_missing",
    });
  });

  test("a server that takes the message and says nothing leaves it unknown", async () => {
    const { answer } = await send({ hangAfterMessage: true });
    expect(answer.kind).toBe("unknown");
  });
});
