/** What stands at Stripe and the provider, for the stand-in of the CLI. */
export interface Server {
  cli: string;
  /** Null: the plugin is not installed. */
  plugin: string | null;
  loggedIn: boolean;
  /** A person has accepted the terms. */
  terms: boolean;
  readonly projects: { readonly id: string; readonly name: string }[];
  readonly accounts: { readonly id: string; readonly email: string; readonly project: string }[];
  readonly links: {
    readonly project: string;
    readonly email: string;
    state: "PENDING_AUTH" | "denied" | "linked" | "ended";
  }[];
  readonly resources: {
    readonly project: string;
    readonly name: string;
    readonly service: string;
    generation: number;
    removed: boolean;
  }[];
  /** The next call of a command fails: before it, after it, by printing nothing after it, or never. */
  readonly faults: {
    readonly command: string;
    readonly how: "request" | "answer" | "silence" | "hang";
  }[];
  readonly calls: string[];
}

export function emptyServer(): Server {
  return {
    cli: "1.41.2",
    plugin: "0.46.0",
    loggedIn: true,
    terms: true,
    projects: [],
    accounts: [],
    links: [],
    resources: [],
    faults: [],
    calls: [],
  };
}
