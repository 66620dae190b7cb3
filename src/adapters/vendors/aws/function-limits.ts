/** The longest that a function may take over one event: as long as API Gateway waits for an answer. */
export const TIMEOUT_SECONDS = 30;
/** MB; Lambda gives processor time in proportion. */
export const MEMORY_MB = 512;
/** Days for which logs are kept. */
export const LOG_DAYS = 30;
