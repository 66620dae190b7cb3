import { callNetlify, type NetlifyConfig, NetlifyError } from "./netlify-api.ts";

/** What is made, and how it is found again. */
export interface Making {
  readonly path: string;
  readonly body: unknown;
  /** Looks for it by its name; undefined when it is not there. */
  find(): Promise<unknown>;
}

/**
 * Makes something by one POST. `isRepeated`: a run that died may have made it, so it is looked for first. It is looked for, too, after an answer that leaves open whether it was
 * made; it is never made again.
 */
export async function makeOnce(
  config: NetlifyConfig,
  isRepeated: boolean,
  { path, body, find }: Making,
): Promise<{ readonly answer: unknown; readonly isFound: boolean }> {
  const before = isRepeated ? await find() : undefined;
  if (before !== undefined) return { answer: before, isFound: true };
  try {
    return {
      answer: await callNetlify(config, { method: "POST", path, body }),
      isFound: false,
    };
  } catch (error) {
    const isOpen = error instanceof NetlifyError && (error.status === 0 || error.status >= 500);
    const after = isOpen ? await find() : undefined;
    if (after === undefined) throw error;
    return { answer: after, isFound: true };
  }
}
