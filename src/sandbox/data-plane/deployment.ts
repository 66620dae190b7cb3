import { sha256 } from "../../util/sha256.ts";
import { createHostMatcher } from "./match-host.ts";
import { EMPTY_PLAN, type PlanePlan, type PlaneWorker } from "./plan.ts";

/** The plan in force, ready to be asked. */
export interface Deployment {
  plan(): PlanePlan;
  /** Equal as long as workerd's configuration is: hosts, routes, queues and schedules are not its business. */
  key(): string;
  /** Puts a plan into force; answers whether workerd's configuration changed. */
  replace(plan: PlanePlan): boolean;
  /** The Worker that answers a host and a path. */
  findWorker(host: string, path: string): PlaneWorker | undefined;
  /** The Workers with this id or script name. */
  findByName(name: string): readonly PlaneWorker[];
}

/** A deployment of nothing. */
export function createDeployment(): Deployment {
  let plan = EMPTY_PLAN;
  let key = readKey(plan);
  let findWorkerId = createHostMatcher(plan);
  return {
    plan: () => plan,
    key: () => key,
    replace(next) {
      const before = key;
      plan = next;
      key = readKey(next);
      findWorkerId = createHostMatcher(next);
      return key !== before;
    },
    findWorker(host, path) {
      const id = findWorkerId(host, path);
      return plan.workers.find((worker) => worker.id === id);
    },
    findByName: (name) => plan.workers.filter(({ id }) => id === name || id.endsWith(`.${name}`)),
  };
}

function readKey({ workers, databases, buckets, namespaces }: PlanePlan): string {
  const configured = workers.map(({ crons: _crons, ...worker }) => worker);
  return sha256(JSON.stringify({ configured, databases, buckets, namespaces }));
}
