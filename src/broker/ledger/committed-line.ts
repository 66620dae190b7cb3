/** What is committed to under a cap in a month that has not begun. */
export interface CommittedLine {
  readonly cap: string;
  readonly currency: string;
  readonly minor: bigint;
}
