/** Names of the lowered resources by which the world reaches an app or site. */

/** The HTTP API of an app. */
export function apiName(app: string): string {
  return `${app}.api`;
}

/** The distribution of a site. */
export function distributionName(site: string): string {
  return `${site}.distribution`;
}

/** Of a host that is routed to an app or site, the resource that is ready once its certificate is valid. */
export function certificateName(owner: string, host: string): string {
  return `${owner}.certificate-check.${host}`;
}
