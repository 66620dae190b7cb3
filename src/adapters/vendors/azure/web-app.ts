import type { LoweredResource, LoweredValue } from "../contract.ts";
import { object, ref } from "../lowered-values.ts";
import type { Context, WebNode } from "../node-lowering.ts";
import { webAppName } from "./azure-names.ts";
import { native, PLACED, PLAN } from "./lowering.ts";

/** Days for which logs are kept, and MB that they may come to. */
const LOG_DAYS = 30;
const LOG_MB = 35;
/** Seconds that a process has for its end; without it, five. */
const STOP_SECONDS = "30";

/** A web app on the stack's plan that runs the Node program of an artifact, which the archive holds as `index.mjs`. */
export function lowerWebApp(
  { model }: Context,
  { name }: WebNode,
  more: {
    readonly settings: Readonly<Record<string, LoweredValue>>;
    readonly args?: Readonly<Record<string, LoweredValue>> | undefined;
    readonly dependsOn?: readonly string[] | undefined;
  },
): LoweredResource {
  return native(
    name,
    name,
    "azurerm_linux_web_app",
    {
      name: webAppName(model, name),
      ...PLACED,
      service_plan_id: ref(PLAN, "id"),
      ...more.args,
      https_only: true,
      ftp_publish_basic_authentication_enabled: false,
      site_config: object({
        application_stack: object({ node_version: "24-lts" }),
        app_command_line: "node /home/site/wwwroot/index.mjs",
        always_on: true,
        http2_enabled: true,
        minimum_tls_version: "1.2",
        ftps_state: "Disabled",
      }),
      zip_deploy_file: { kind: "artifact", artifact: name, field: "path" },
      app_settings: {
        kind: "map",
        entries: {
          ...more.settings,
          // The archive is mounted as a whole, and so is the next one.
          WEBSITE_RUN_FROM_PACKAGE: "1",
          WEBSITES_CONTAINER_STOP_TIME_LIMIT: STOP_SECONDS,
        },
      },
      logs: object({
        http_logs: object({
          file_system: object({ retention_in_days: LOG_DAYS, retention_in_mb: LOG_MB }),
        }),
      }),
    },
    more.dependsOn,
  );
}
