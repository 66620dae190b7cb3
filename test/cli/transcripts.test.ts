import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkTranscript, FIXTURES, TRANSCRIPTS } from "./transcript.ts";

describe("the command line does what its transcripts show", () => {
  test.each(readdirSync(TRANSCRIPTS).sort())("%s", async (file) => {
    const { expected, actual } = await checkTranscript(join(TRANSCRIPTS, file), FIXTURES);
    expect(actual).toBe(expected);
  });
});
