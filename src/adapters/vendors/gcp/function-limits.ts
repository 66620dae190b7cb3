/** The longest that a function may take over one request, message or schedule. */
export const TIMEOUT_SECONDS = 30;
export const MEMORY = "512Mi";
/** Requests that one instance answers at a time, for which it must have a whole processor. */
export const CONCURRENCY = 80;
/** Instances at most, so that a crowd costs no more than these. */
export const INSTANCES_MAX = 10;
/** The smallest database takes 25 connections, and the runtime opens up to 10 in each instance. */
export const INSTANCES_MAX_AT_DATABASE = 2;
