import { parse } from "tldts";

/** A host name, cut where the Public Suffix List says. A-label form. */
export interface DomainParts {
  /** The effective ending, `co.uk`: the longest public suffix, of registries or of companies that give out names below their own. */
  readonly suffix: string;
  /** One label and the suffix, `example.co.uk`; undefined for a public suffix itself. */
  readonly registrable?: string | undefined;
}

/**
 * Cuts a host name in A-label form by both sections of the Public Suffix List, in the version that the package `tldts` carries. An ending
 * that the list does not have is taken as a suffix of one label, as the list's own algorithm does (publicsuffix.org/list).
 */
export function splitDomain(hostname: string): DomainParts {
  const { domain, publicSuffix } = parse(hostname, {
    allowPrivateDomains: true,
    extractHostname: false,
    validateHostname: false,
    detectIp: false,
  });
  return { suffix: publicSuffix ?? hostname, registrable: domain ?? undefined };
}
