/** What the played CLI asks Stripe's side for, `POST /orchestrator/stripe-projects/cli/<command>`. */
export interface CliQuestion {
  /** The project of the folder. */
  readonly project?: string | undefined;
  /** E-mail address of whoever is logged in. */
  readonly person: string;
  readonly argument: string;
  readonly name?: string | undefined;
  /** JSON. */
  readonly config?: string | undefined;
  readonly flags: readonly string[];
}

/** What it prints and writes then. */
export interface CliAnswer {
  readonly envelope: Readonly<Record<string, unknown>> & { readonly ok: boolean };
  /** The id of the project that was begun. */
  readonly project?: string | undefined;
  /** The text of `.env`. */
  readonly environment?: string | undefined;
}
