import type { SiteNode } from "../../../compiler/2-model/model.ts";
import type { LoweredResource, LoweredValue } from "../contract.ts";
import { concat, object, ref } from "../lowered-values.ts";
import type { Context, LowerNode } from "../node-lowering.ts";
import { vendorName } from "../vendor-name.ts";
import { type WebHost, webHosts } from "../web-hosts.ts";
import { distributionName } from "./host-names.ts";
import { lowerPrivateBucket } from "./lower-bucket.ts";
import { listHostRecords, lowerCertificate, validCertificate } from "./lower-certificate.ts";
import { lowerText, webUrl } from "./lower-text.ts";
import { native, policy } from "./lowering.ts";

/** CloudFront's managed policy `CachingOptimized` (CloudFront docs, "Use managed cache policies"). */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/** A changed page is seen within a minute. */
const CACHE_CONTROL = "public, max-age=60";

/** As everywhere else, `/a` is `a.html` and `/a/` is `a/index.html` (CloudFront Functions, runtime 2.0). */
const FIND_PAGE = `function handler(event) {
  const request = event.request;
  if (request.uri.endsWith('/')) request.uri += 'index.html';
  else if (!request.uri.split('/').pop().includes('.')) request.uri += '.html';
  return request;
}
`;

/** Files in a private bucket, which nobody reads but the one distribution in front of it. */
export const lowerSite: LowerNode<SiteNode> = (context, node) => {
  const { name } = node;
  const hosts = webHosts(context, node);
  const target = ref(distributionName(name), "domain_name");
  return {
    resources: [
      ...lowerPrivateBucket(context.model, name, name),
      lowerFiles(name),
      ...hosts.flatMap((host) => lowerCertificate(context, name, host)),
      ...lowerDistribution(context, node, hosts),
      native(`${name}.readers`, name, "aws_s3_bucket_policy", {
        bucket: ref(name, "id"),
        policy: policy({
          principal: "cloudfront.amazonaws.com",
          actions: ["s3:GetObject", "s3:ListBucket"],
          resources: [ref(name, "arn"), concat(ref(name, "arn"), "/*")],
          when: { StringEquals: { "AWS:SourceArn": ref(distributionName(name), "arn") } },
        }),
      }),
    ],
    records: hosts.flatMap((host) => listHostRecords(context, name, host, target)),
    artifacts: [{ kind: "directory", name, source: node.source }],
    prices: [
      { service: "aws/s3", category: "storage" },
      { service: "aws/cloudfront", category: "compute" },
    ],
    url: webUrl(context, node),
  };
};

function lowerFiles(site: string): LoweredResource {
  const file = native(`${site}.file`, site, "aws_s3_object", {
    bucket: ref(site, "id"),
    key: { kind: "file", field: "path" },
    source: { kind: "artifact", artifact: site, field: "path" },
    content_type: { kind: "file", field: "type" },
    cache_control: CACHE_CONTROL,
  });
  return { ...file, each: site };
}

function lowerDistribution(
  context: Context,
  { name, spa }: SiteNode,
  hosts: readonly WebHost[],
): readonly LoweredResource[] {
  const ownName = vendorName(context.model, name);
  const [access, pages] = [`${name}.origin-access`, `${name}.pages`];
  const origin = object({
    origin_id: name,
    domain_name: ref(name, "bucket_regional_domain_name"),
    origin_access_control_id: ref(access, "id"),
  });
  return [
    native(access, name, "aws_cloudfront_origin_access_control", {
      name: ownName,
      origin_access_control_origin_type: "s3",
      signing_behavior: "always",
      signing_protocol: "sigv4",
    }),
    native(pages, name, "aws_cloudfront_function", {
      name: ownName,
      runtime: "cloudfront-js-2.0",
      code: FIND_PAGE,
      publish: true,
    }),
    native(distributionName(name), name, "aws_cloudfront_distribution", {
      enabled: true,
      is_ipv6_enabled: true,
      http_version: "http2and3",
      price_class: "PriceClass_100",
      ...(hosts.length > 0 && { aliases: hosts.map(({ host }) => lowerText(context, host)) }),
      origin: [origin],
      default_cache_behavior: object({
        target_origin_id: name,
        viewer_protocol_policy: "redirect-to-https",
        allowed_methods: ["GET", "HEAD"],
        cached_methods: ["GET", "HEAD"],
        cache_policy_id: CACHING_OPTIMIZED,
        compress: true,
        function_association: [
          object({ event_type: "viewer-request", function_arn: ref(pages, "arn") }),
        ],
      }),
      custom_error_response: [notFound(spa)],
      restrictions: object({ geo_restriction: object({ restriction_type: "none" }) }),
      viewer_certificate: lowerViewerCertificate(name, hosts),
    }),
  ];
}

function notFound(spa: boolean): LoweredValue {
  return spa
    ? object({ error_code: 404, response_code: 200, response_page_path: "/index.html" })
    : object({ error_code: 404, response_code: 404, response_page_path: "/404.html" });
}

/** A distribution has one certificate, so a site has one host at most; findConflicts.ts sees to that. */
function lowerViewerCertificate(site: string, [host]: readonly WebHost[]): LoweredValue {
  if (host === undefined) return object({ cloudfront_default_certificate: true });
  return object({
    acm_certificate_arn: validCertificate(site, host),
    ssl_support_method: "sni-only",
    minimum_protocol_version: "TLSv1.2_2021",
  });
}
