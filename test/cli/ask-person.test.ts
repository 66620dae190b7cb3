import { PassThrough } from "node:stream";
import { afterEach, expect, it, vi } from "vitest";
import { askPerson } from "../../src/cli/ask-person.ts";
import type { Call } from "../../src/cli/command.ts";
import { readEnvelope } from "../cli/envelope-schema.ts";
import { makeProject } from "../support/make-project.ts";
import { runCli } from "../support/run-cli.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function call(change: Partial<Pick<Call, "interactive" | "json">>, ...flags: string[]): Call {
  return {
    workplace: { cwd: "/", env: {}, signal: new AbortController().signal } as never,
    ...{ arguments: [], flags: new Set(flags), texts: new Map(), colors: false },
    ...{ interactive: false, json: false, ...change },
  };
}

/** What somebody types. */
function type(text: string): void {
  const input = new PassThrough();
  input.end(`${text}\n`);
  vi.spyOn(process, "stdin", "get").mockReturnValue(input as never);
  vi.spyOn(process, "stderr", "get").mockReturnValue(new PassThrough() as never);
}

it("takes `--yes` for an answer only where none must be typed", async () => {
  expect(await askPerson(call({}, "yes"), "Sure?")).toBe(true);
  expect(await askPerson(call({}, "yes"), "Sure?", { typed: false })).toBe(true);
  expect(await askPerson(call({}, "yes"), "Sure?", { typed: true })).toBe(false);
  expect(
    await askPerson(call({ interactive: true, json: true }, "yes"), "?", { typed: true }),
  ).toBe(false);
});

it.each([
  ["yes", true],
  [" YES ", true],
  ["y", false],
  ["", false],
] as const)("takes %j on a terminal for %s, whatever options say", async (text, expected) => {
  for (const flags of [[], ["yes"]]) {
    type(text);
    const asked = askPerson(call({ interactive: true }, ...flags), "Sure?", { typed: true });
    expect(await asked).toBe(expected);
  }
});

it("promise 8: without a terminal nobody ends the freeze of a live stack, `--yes` or not", async () => {
  const project = makeProject("minimal");
  try {
    const run = async (...args: string[]) => {
      const done = await runCli([...args, "--json"], { cwd: project.folder });
      return { code: done.code, envelope: readEnvelope(done.stdout) };
    };
    expect((await run("freeze", "--stack", "prod")).code).toBe(0);
    const refused = await run("unfreeze", "--stack", "prod", "--yes");
    expect(refused.code).toBe(3);
    expect(refused.envelope).toMatchObject({
      error: { code: "not-confirmed", remedy: expect.stringContaining("terminal") },
    });
    expect((await run("leases", "--stack", "prod")).envelope).toMatchObject({
      data: { frozen: [{ scope: "all" }] },
    });
    expect((await run("freeze")).code).toBe(0);
    expect((await run("unfreeze")).code).toBe(3);
    expect((await run("unfreeze", "--yes")).code).toBe(0);
  } finally {
    project.remove();
  }
});
