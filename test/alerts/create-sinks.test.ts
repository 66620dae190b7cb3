import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSinks, type SinkSettings } from "../../src/alerts/create-sinks.ts";
import { findLeaks } from "../leaks/find-leaks.ts";
import { NOW, testAlert } from "./arbitraries.ts";

const SECRET = `whsec_${Buffer.from("canary-signing-secret-0123456789").toString("base64")}`;
const webhook = (path: string) => ({
  url: `https://hooks.example.com/${path}`,
  secretFrom: "ALERT_SECRET",
  allowLoopback: false,
});
const SETTINGS: SinkSettings = {
  logIsEnough: false,
  webhooks: [webhook("a"), webhook("b")],
  mail: [
    {
      host: "smtp.example.com",
      port: 465,
      from: "supercargo@example.com",
      to: ["founder@example.com"],
      login: { userFrom: "MAIL_USER", passwordFrom: "MAIL_PASSWORD" },
    },
  ],
};
const clock = { now: () => NOW, sleep: async () => undefined };

test("promise 7: sinks have names of their own, and the log counts only when the guardrails say so", () => {
  const open = (logIsEnough: boolean) =>
    createSinks({ ...SETTINGS, logIsEnough }, { logFile: "/nowhere", env: {}, clock });
  expect(open(false).map(({ name, counts }) => `${name} ${counts}`)).toEqual([
    "log false",
    "webhook hooks.example.com true",
    "webhook hooks.example.com 2 true",
    "mail smtp.example.com true",
  ]);
  expect(open(true)[0]?.counts).toBe(true);
});

test("promise 7: without their secrets, sinks fail closed; with them, they do not show them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "supercargo-sinks-"));
  const logFile = join(folder, "alerts.jsonl");
  const env = { ALERT_SECRET: "", MAIL_USER: "alerts" };
  const sinks = createSinks(SETTINGS, { logFile, env, clock });
  const answers = await Promise.all(sinks.map((sink) => sink.deliver(testAlert("a"))));
  const missing = { kind: "refused", code: "secret_missing" };
  expect(answers).toEqual([{ kind: "accepted" }, missing, missing, missing]);
  const full = { ...env, ALERT_SECRET: SECRET, MAIL_PASSWORD: "canary-password-0123456789" };
  const shown = JSON.stringify(createSinks(SETTINGS, { logFile, env: full, clock }));
  expect(findLeaks(new Map([["sinks", shown]]), [SECRET, full.MAIL_PASSWORD])).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
