/** What an account at Neon is opened with, as one text: the project, which the assertion does not say, its deadline, and the assertion. */
export interface NeonCredential {
  readonly project: string;
  /** Milliseconds since the epoch; unless somebody claimed it, the project is gone after it. */
  readonly until: number;
  readonly assertion: string;
}

export const PROJECT_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Writes it as one credential. */
export function writeNeonCredential({ project, until, assertion }: NeonCredential): string {
  return `${project}:${until}:${assertion}`;
}

/** The inverse of {@link writeNeonCredential}; undefined for every other text. */
export function readNeonCredential(text: string): NeonCredential | undefined {
  const [, project = "", until, assertion] = /^([^:]*):(\d{1,15}):(.+)$/.exec(text) ?? [];
  return PROJECT_ID.test(project) && assertion !== undefined
    ? { project, until: Number(until), assertion }
    : undefined;
}
