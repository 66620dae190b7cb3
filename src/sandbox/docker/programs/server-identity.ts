/** `nobody` has this number nearly everywhere. */
const NOBODY = 65_534;

/** A user and its group. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Who runs PostgreSQL, which refuses root, and the apps, where we are root; undefined elsewhere, where they run as we do. */
export const SERVER_IDENTITY: Identity | undefined =
  process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : undefined;
