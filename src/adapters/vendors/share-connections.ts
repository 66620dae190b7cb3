/** The runtime opens as many in a process when nothing is said; more than these would be no use to it. */
const POOL_MAX = 10;

/** How many connections each process may have open to a database's server, of those that are for apps; 0 where there is not one for each. */
export function shareConnections(connections: number, processes: number): number {
  return Math.min(POOL_MAX, Math.floor(connections / Math.max(1, processes)));
}
