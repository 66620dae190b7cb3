import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createWebhookSink } from "../../src/alerts/sinks/webhook-sink.ts";
import { blockingAlert, NOW } from "./arbitraries.ts";
import { describeSink, type SinkMood } from "./sink-conformance.ts";
import { CERTIFICATE, judgeMessage, type Receiver, startReceiver } from "./webhook-receiver.ts";

const newSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;
const SECONDS = NOW / 1000;
const clock = { now: () => NOW };
/** No test waits for it to pass, however busy the machine is. */
const PATIENT = { clock, timeout: 25_000 };
/** For another side that never answers. */
const HASTY = { clock, timeout: 1_000 };

describeSink("webhook", async () => {
  const secret = newSecret();
  let receiver = await startReceiver(secret, () => SECONDS);
  const { port } = receiver;
  const url = `http://127.0.0.1:${port}/hook?token=${secret.slice(6, 30)}`;
  const settings = { url, secret, allowLoopback: true };
  let sink = createWebhookSink(settings, PATIENT);
  return {
    get sink() {
      return sink;
    },
    async set(mood: SinkMood) {
      sink = createWebhookSink(settings, mood === "hanging" ? HASTY : PATIENT);
      if (mood === "down") return receiver.close();
      if (mood === "up") {
        await receiver.close();
        receiver = await startReceiver(secret, () => SECONDS, { port });
      }
      receiver.react(mood === "hanging" ? "hang" : mood === "refusing" ? { status: 500 } : "judge");
    },
    kept: () => receiver.kept(),
    secrets: [secret, secret.slice(6)],
    close: () => receiver.close(),
  };
});

describe("promise 7: a webhook is signed as in Standard Webhooks", () => {
  let receiver: Receiver;
  let secret: string;
  beforeEach(async () => {
    secret = newSecret();
    receiver = await startReceiver(secret, () => SECONDS);
  });
  afterEach(() => receiver.close());

  const sinkAt = (
    url: string,
    options: {
      readonly allowLoopback?: boolean;
      readonly at?: number;
      readonly secret?: string;
      readonly timeout?: number;
    } = {},
  ) =>
    createWebhookSink(
      { url, secret: options.secret ?? secret, allowLoopback: options.allowLoopback ?? true },
      { clock: { now: () => options.at ?? NOW }, timeout: options.timeout ?? PATIENT.timeout },
    );
  const here = () => `http://127.0.0.1:${receiver.port}/hook`;

  test("the signature of the specification's example comes out", async () => {
    const { readSigningKey, signWebhook } = await import("../../src/alerts/sinks/sign-webhook.ts");
    // Test vector of the reference libraries (standard-webhooks/libraries, "sign function works").
    const key = readSigningKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    if (key === undefined) throw new Error("the vector's key is not read");
    const message = {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      seconds: 1614265330,
      body: '{"test": 2432232314}',
    };
    expect(signWebhook(key, message)["webhook-signature"]).toBe(
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    );
  });

  test("a receiver finds id, time, kind, amounts and words in the body", async () => {
    await sinkAt(here()).deliver(blockingAlert());
    const [message] = receiver.received;
    expect(message?.verdict).toBe("valid");
    expect(message?.headers["webhook-id"]).toBe(blockingAlert().id);
    expect(JSON.parse(message?.body ?? "")).toMatchObject({
      type: "alert.threshold",
      timestamp: "2026-11-10T12:00:00.000Z",
      data: { id: blockingAlert().id, committed: "92.00 USD", title: expect.any(String) },
    });
  });

  test("a receiver tells a replay, another body, another id and another secret", async () => {
    await sinkAt(here()).deliver(blockingAlert());
    const [message] = receiver.received;
    if (message === undefined) throw new Error("nothing was received");
    const { headers, body } = message;
    expect(judgeMessage(headers, body, secret, SECONDS + 300)).toBe("valid");
    expect(judgeMessage(headers, body, secret, SECONDS + 301)).toBe("replayed");
    expect(judgeMessage(headers, body, secret, SECONDS - 301)).toBe("replayed");
    expect(judgeMessage(headers, body.replace("92", "12"), secret, SECONDS)).toBe("forged");
    expect(judgeMessage({ ...headers, "webhook-id": "alert_1" }, body, secret, SECONDS)).toBe(
      "forged",
    );
    expect(judgeMessage(headers, body, newSecret(), SECONDS)).toBe("forged");
  });

  test("a sender whose clock is off by more than five minutes is not accepted", async () => {
    const answer = await sinkAt(here(), { at: NOW - 301_000 }).deliver(blockingAlert());
    expect(answer).toEqual({ kind: "refused", code: "http_400" });
  });

  test.each([301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503, 304])(
    "status %i is not accepted, and no redirect is followed",
    async (status) => {
      const other = await startReceiver(secret, () => SECONDS);
      receiver.react({ status, location: `http://127.0.0.1:${other.port}/` });
      expect(await sinkAt(here()).deliver(blockingAlert())).toEqual({
        kind: "refused",
        code: `http_${status}`,
      });
      expect(other.received).toEqual([]);
      await other.close();
    },
  );

  test.each([200, 201, 202, 204])("status %i is accepted", async (status) => {
    receiver.react({ status });
    expect(await sinkAt(here()).deliver(blockingAlert())).toEqual({ kind: "accepted" });
  });

  test("an answer that drips in is cut off, a dropped connection is unknown", async () => {
    receiver.react("drip");
    const dripping = await sinkAt(here(), HASTY).deliver(blockingAlert());
    expect(dripping.kind).toBe("unknown");
    receiver.react("drop");
    expect(await sinkAt(here()).deliver(blockingAlert())).toEqual({
      kind: "unknown",
      code: "broken",
    });
  });

  test("without its secret, or with a weak one, nothing is sent", async () => {
    for (const [given, code] of [
      [undefined, "secret_missing"],
      ["", "secret_malformed"],
      ["whsec_c2hvcnQ=", "secret_malformed"],
      [secret.slice(6), "secret_malformed"],
    ] as const) {
      const sink = createWebhookSink(
        { url: here(), secret: given, allowLoopback: true },
        { clock },
      );
      expect(await sink.deliver(blockingAlert())).toEqual({ kind: "refused", code });
    }
    expect(receiver.received).toEqual([]);
  });

  test("this machine and private networks are not posted to unless this machine is allowed", async () => {
    for (const url of [
      here(),
      here().replace("127.0.0.1", "localhost"),
      "https://10.0.0.1/",
      "https://169.254.169.254/latest/meta-data",
      "https://[::ffff:127.0.0.1]/",
      "https://2130706433/",
      "http://example.com/",
      "https://user:pass@example.com/",
    ])
      expect(await sinkAt(url, { allowLoopback: false }).deliver(blockingAlert()), url).toEqual({
        kind: "refused",
        code: "address_not_allowed",
      });
    expect(receiver.received).toEqual([]);
  });

  test("a public name that leads to a private address is not posted to", async () => {
    const lead = async (addresses: readonly string[], allowLoopback: boolean) => {
      const sink = createWebhookSink(
        { url: `https://hooks.example.com:${receiver.port}/`, secret, allowLoopback },
        {
          ...PATIENT,
          lookup: (_host, _options, done) =>
            done(
              null,
              addresses.map((address) => ({ address, family: 4 })),
            ),
        },
      );
      return sink.deliver(blockingAlert());
    };
    const refused = { kind: "refused", code: "address_not_allowed" };
    expect(await lead(["10.1.2.3"], true)).toEqual(refused);
    expect(await lead(["169.254.169.254"], true)).toEqual(refused);
    expect(await lead(["93.184.215.14", "127.0.0.1"], false)).toEqual(refused);
    expect(await lead([], false)).toEqual(refused);
    expect(receiver.received).toEqual([]);
  });

  test("over TLS only with a certificate that can be verified", async () => {
    const safe = await startReceiver(secret, () => SECONDS, { tls: true });
    const settings = { url: `https://localhost:${safe.port}/`, secret, allowLoopback: true };
    const strange = createWebhookSink(settings, PATIENT);
    expect(await strange.deliver(blockingAlert())).toEqual({ kind: "refused", code: "tls_failed" });
    const known = createWebhookSink(settings, { ...PATIENT, authority: CERTIFICATE });
    expect(await known.deliver(blockingAlert())).toEqual({ kind: "accepted" });
    await safe.close();
  });

  test("its name holds the host and nothing of path, query or secret", () => {
    expect(sinkAt(`https://hooks.example.com/T0KEN?key=${secret}`).name).toBe(
      "webhook hooks.example.com",
    );
  });
});
