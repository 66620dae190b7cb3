import type { Answer } from "./command.ts";

/** The answer of a command whose argument is missing. */
export async function refuseMissing(command: string, argument: string): Promise<Answer> {
  const { refuse } = await import("../index.ts");
  const outcome = refuse({
    kind: "usage",
    code: "wrong-usage",
    message: `\`${command}\` needs a ${argument}`,
    remedy: `See \`supercargo ${command} --help\`.`,
  });
  return { outcome, text: "" };
}
