/** Command line and files. */
export const USAGE_CODES = {} as const;
