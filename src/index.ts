/** The library: every use case as a function that answers with an {@link Outcome}. The command line and the MCP server are skins over these. */
export type { EngineId } from "./compiler/vocabulary.ts";
export type { EngineStep } from "./deploy/engine-step.ts";
export type { Diagnostic } from "./diagnostics/diagnostic.ts";
export { didYouMean } from "./diagnostics/did-you-mean.ts";
export { acceptState } from "./operations/accept-state.ts";
export { checkMachine, type MachineDiagnosis } from "./operations/check-machine.ts";
export { type CheckedReceipt, checkReceiptFile } from "./operations/check-receipt-file.ts";
export { claimAccount } from "./operations/claim-account.ts";
export type { EngineComparison } from "./operations/compare-engines.ts";
export {
  type CompileProjectQuery,
  type CompileProjectResult,
  compileProject,
} from "./operations/compile-project.ts";
export type { Confirmation } from "./operations/confirmation.ts";
export { type AttackEntry, type AttackResult, demoAttack } from "./operations/demo-attack.ts";
export { demoEngines } from "./operations/demo-engines.ts";
export { demoMove, type MoveResult } from "./operations/demo-move.ts";
export { demoOutage, type OutageResult } from "./operations/demo-outage.ts";
export { type DemoResult, demoStorefront } from "./operations/demo-storefront.ts";
export {
  describePermissions,
  type MatrixChange,
  type PermissionReport,
} from "./operations/describe-permissions.ts";
export { describePortability, type PortabilityReport } from "./operations/describe-portability.ts";
export { describeReference, describeSchema } from "./operations/describe-schema.ts";
export {
  type DestroyQuery,
  type DestroyResult,
  destroyProject,
} from "./operations/destroy-project.ts";
export {
  type FreezeResult,
  freezeSpending,
  unfreezeSpending,
} from "./operations/freeze-spending.ts";
export { initProject, listTemplates } from "./operations/init-project.ts";
export { type DoubtListing, listOpenDoubts } from "./operations/list-doubts.ts";
export { type LeaseEntry, type LeaseListing, listLeases } from "./operations/list-leases.ts";
export {
  readSandboxBooks,
  readSandboxState,
  type SandboxState,
  serveProjectSandbox,
  startProjectSandbox,
  stopProjectSandbox,
} from "./operations/manage-sandbox.ts";
export {
  type MigrateQuery,
  type MigrationResult,
  migrateProject,
} from "./operations/migrate-project.ts";
export { type MoveAccountResult, moveAccount } from "./operations/move-account.ts";
export { openDashboard } from "./operations/open-dashboard.ts";
export {
  type Failure,
  type FailureKind,
  type Outcome,
  refuse,
  succeed,
} from "./operations/outcome.ts";
export {
  type PreviewQuery,
  type PreviewResult,
  previewProject,
} from "./operations/preview-project.ts";
export { type Progress, SILENT_PROGRESS } from "./operations/progress.ts";
export { type Proof, proveEntry } from "./operations/prove-entry.ts";
export { type QueueResult, queuedPurchases } from "./operations/queued-purchases.ts";
export { renderDiagnostics } from "./operations/render-diagnostics.ts";
export type { MoneyReport } from "./operations/report-money.ts";
export { type RevokeResult, revokeRights } from "./operations/revoke-rights.ts";
export { type RotateResult, rotateRights } from "./operations/rotate-rights.ts";
export {
  serveLogWitness,
  type WitnessState,
} from "./operations/serve-log-witness.ts";
export { type SettleResult, settleAct } from "./operations/settle-act.ts";
export { type BudgetResult, showBudget } from "./operations/show-budget.ts";
export { type ShownLog, showLog } from "./operations/show-log.ts";
export {
  type LeaseStatus,
  type StatusResult,
  statusProject,
} from "./operations/status-project.ts";
export { type AlertsResult, tryAlerts } from "./operations/try-alerts.ts";
export { type UpPlan, type UpQuery, type UpResult, upProject } from "./operations/up-project.ts";
export { type ValidationResult, validateProject } from "./operations/validate-project.ts";
export { type VerifiedLog, verifyProjectLog } from "./operations/verify-project-log.ts";
export type { Workplace } from "./operations/workplace.ts";
export type { AccountLinkQuery, WrittenLink } from "./operations/write-account-link.ts";
export { renderReviewText } from "./review/render-review-text.ts";
export type { Review } from "./review/review.ts";
export { shellPath } from "./util/shell-path.ts";
