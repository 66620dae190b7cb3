/** What an account at Neon is opened with, as one text: the project, which the assertion does not say, and the assertion. */
export interface NeonCredential {
  readonly project: string;
  readonly assertion: string;
}

export const PROJECT_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Writes it as one credential. */
export function writeNeonCredential({ project, assertion }: NeonCredential): string {
  return `${project}:${assertion}`;
}

/** The inverse of {@link writeNeonCredential}; undefined for every other text. */
export function readNeonCredential(text: string): NeonCredential | undefined {
  const end = text.indexOf(":");
  const [project, assertion] = [text.slice(0, end), text.slice(end + 1)];
  return end > 0 && PROJECT_ID.test(project) && assertion !== ""
    ? { project, assertion }
    : undefined;
}
