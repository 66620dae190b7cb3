/** A file that the stack needs and that is built from the user's sources. */
export type Artifact =
  /** esbuild bundle of an app's entry to one ES module. */
  | {
      readonly kind: "bundle";
      readonly name: string;
      readonly source: string;
      readonly entry: string;
      /** What runs it. Default `workers`. */
      readonly target?: BundleTarget | undefined;
      /** As `index.mjs` in a ZIP archive, with what else the platform wants in it; default false. */
      readonly packed?: boolean | undefined;
      /** Its path holds its digest, for platforms that look at the path alone to see a change; default false. */
      readonly hashed?: boolean | undefined;
    }
  /** A folder of static files, copied. */
  | { readonly kind: "directory"; readonly name: string; readonly source: string }
  /** A folder of static files and what serves them, in one ES module. */
  | {
      readonly kind: "site-program";
      readonly name: string;
      readonly source: string;
      /** Unknown paths get `index.html`. */
      readonly spa: boolean;
      /** What runs it. Default `node`, as a program. */
      readonly target?: SiteTarget | undefined;
      /** As of a `bundle`. */
      readonly packed?: boolean | undefined;
      /** As of a `bundle`. */
      readonly hashed?: boolean | undefined;
    }
  /** A deployment of Vercel's, laid out in a folder as its Build Output API wants it. */
  | {
      readonly kind: "vercel-output";
      readonly name: string;
      readonly source: string;
      /**
       * The app as one function, which is called at the schedules, too, in UTC and Vercel's own dialect, and as one more for each topic of Vercel Queues whose messages it gets; or
       * static files, with `index.html` for unknown paths where `spa`.
       */
      readonly content:
        | {
            readonly kind: "app";
            readonly entry: string;
            readonly schedules: readonly string[];
            readonly topics: readonly string[];
          }
        | { readonly kind: "site"; readonly spa: boolean };
    }
  /** A deploy of Netlify's, in a folder: `publish` with the files, `functions` with a ZIP archive for each function. */
  | {
      readonly kind: "netlify-output";
      readonly name: string;
      readonly source: string;
      /** The app as a function `app`, and one for each schedule (in UTC and Netlify's dialect) and for each queue, by function; or static files, with `index.html` for unknown paths where `spa`. */
      readonly content:
        | {
            readonly kind: "app";
            readonly entry: string;
            readonly schedules: Readonly<Record<string, string>>;
            /** Function -> the queue whose messages it hands to the app. */
            readonly queues: Readonly<Record<string, string>>;
          }
        | { readonly kind: "site"; readonly spa: boolean };
    };

/**
 * What an app's bundle is made for: the module that Cloudflare Workers load; a program for Node (`node`, e.g. in a container); a module whose
 * `handler` AWS Lambda calls; one with Google's Cloud Run functions `app`, `queue` and `scheduled`; one with functions for Vercel, `default` for
 * HTTP and `queue` for messages; one with Netlify's `handler`, `handleSchedule` and `handleQueue`.
 */
export type BundleTarget = "workers" | "node" | "lambda" | "google" | "vercel" | "netlify";

/** Those of them that serve a site's files. */
export type SiteTarget = Extract<BundleTarget, "node" | "google">;
