import type { AppNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, ZoneRecord } from "../contract.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { Context } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { type WebHost, webHosts } from "../web-hosts.ts";
import { apiName } from "./host-names.ts";
import { listHostRecords, lowerCertificate, validCertificate } from "./lower-certificate.ts";
import { lowerText } from "./lower-text.ts";
import { native } from "./lowering.ts";

const STAGE = "$default";

/** The HTTP API that hands every request to an app, at an address of AWS's and at the app's hosts. */
export function lowerApi(
  context: Context,
  node: AppNode,
): { readonly resources: readonly LoweredResource[]; readonly records: readonly ZoneRecord[] } {
  const { name } = node;
  const hosts = webHosts(context, node);
  const api = apiName(name);
  const own = { api_id: ref(api, "id") };
  const resources = [
    native(api, name, "aws_apigatewayv2_api", {
      name: vendorName(context.model, name),
      protocol_type: "HTTP",
      ip_address_type: "dualstack",
    }),
    native(`${name}.integration`, name, "aws_apigatewayv2_integration", {
      ...own,
      integration_type: "AWS_PROXY",
      integration_uri: ref(name, "arn"),
      payload_format_version: "2.0",
    }),
    native(`${name}.route`, name, "aws_apigatewayv2_route", {
      ...own,
      route_key: STAGE,
      target: concat("integrations/", ref(`${name}.integration`, "id")),
    }),
    native(`${name}.stage`, name, "aws_apigatewayv2_stage", {
      ...own,
      name: STAGE,
      auto_deploy: true,
    }),
    native(`${name}.permission`, name, "aws_lambda_permission", {
      action: "lambda:InvokeFunction",
      function_name: ref(name, "arn"),
      principal: "apigateway.amazonaws.com",
      source_arn: concat(ref(api, "execution_arn"), `/${STAGE}/${STAGE}`),
    }),
    ...hosts.flatMap((host) => lowerHost(context, name, host)),
  ];
  const records = hosts.flatMap((host) =>
    listHostRecords(
      context,
      name,
      host,
      ref(hostName(name, host), "domain_name_configuration", "target_domain_name"),
    ),
  );
  return { resources, records };
}

function lowerHost(context: Context, app: string, host: WebHost): readonly LoweredResource[] {
  const name = hostName(app, host);
  return [
    ...lowerCertificate(context, app, host),
    native(name, app, "aws_apigatewayv2_domain_name", {
      domain_name: lowerText(context, host.host),
      domain_name_configuration: object({
        certificate_arn: validCertificate(app, host),
        endpoint_type: "REGIONAL",
        security_policy: "TLS_1_2",
        ip_address_type: "dualstack",
      }),
    }),
    native(`${app}.mapping.${host.hostname}`, app, "aws_apigatewayv2_api_mapping", {
      api_id: ref(apiName(app), "id"),
      domain_name: ref(name, "id"),
      stage: ref(`${app}.stage`, "id"),
    }),
  ];
}

function hostName(app: string, { hostname }: WebHost): string {
  return `${app}.host.${hostname}`;
}
