import type { Command } from "./command.ts";

/** Name -> module, in the order of the help text; nothing is loaded before it is asked for. */
export const COMMAND_TABLE: Readonly<Record<string, () => Promise<{ readonly default: Command }>>> =
  {
    init: () => import("./commands/init.ts"),
    validate: () => import("./commands/validate.ts"),
    compile: () => import("./commands/compile.ts"),
    preview: () => import("./commands/preview.ts"),
    up: () => import("./commands/up.ts"),
    permissions: () => import("./commands/permissions.ts"),
    portability: () => import("./commands/portability.ts"),
    migrate: () => import("./commands/migrate.ts"),
    status: () => import("./commands/status.ts"),
    budget: () => import("./commands/budget.ts"),
    alerts: () => import("./commands/alerts.ts"),
    leases: () => import("./commands/leases.ts"),
    revoke: () => import("./commands/revoke.ts"),
    rotate: () => import("./commands/rotate.ts"),
    queue: () => import("./commands/queue.ts"),
    settle: () => import("./commands/settle.ts"),
    claim: () => import("./commands/claim.ts"),
    dashboard: () => import("./commands/dashboard.ts"),
    "move-account": () => import("./commands/move-account.ts"),
    freeze: () => import("./commands/freeze.ts"),
    unfreeze: () => import("./commands/unfreeze.ts"),
    destroy: () => import("./commands/destroy.ts"),
    log: () => import("./commands/log.ts"),
    sandbox: () => import("./commands/sandbox.ts"),
    schema: () => import("./commands/schema.ts"),
    doctor: () => import("./commands/doctor.ts"),
    demo: () => import("./commands/demo.ts"),
  };
