/** A phase cannot go on now; the next run begins it again. */
export class MigrationStop extends Error {
  readonly code: string;
  readonly resource: string;
  constructor(code: string, resource: string) {
    super(`${code}: ${resource}`);
    this.code = code;
    this.resource = resource;
  }
}
