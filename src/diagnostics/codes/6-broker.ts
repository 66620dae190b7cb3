/** Broker and sandbox. */
export const BROKER_CODES = {} as const;
