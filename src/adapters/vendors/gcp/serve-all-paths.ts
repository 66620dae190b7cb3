/** The Functions Framework would answer `/robots.txt` and `/favicon.ico` itself, with 404 (its README, "ignored-routes"). */
export const SERVE_ALL_PATHS = { IGNORED_ROUTES: "" } as const;
