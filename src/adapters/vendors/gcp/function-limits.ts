/** The longest that a function may take over one request, message or schedule. */
export const TIMEOUT_SECONDS = 30;
export const MEMORY = "512Mi";
/** Requests that one instance answers at a time, for which it must have a whole processor. */
export const CONCURRENCY = 80;
/** Instances at most, so that a crowd costs no more than these. */
export const INSTANCES_MAX = 10;
/** Of each function that has a database: what its server takes is shared by the instances of all. */
export const INSTANCES_MAX_AT_DATABASE = 2;
/** Connections to a database that apps may have open. The smallest server takes 25; the rest is for Google's own agents and people (Cloud SQL docs, "Flags"). */
export const CONNECTIONS_FOR_APPS = 20;
