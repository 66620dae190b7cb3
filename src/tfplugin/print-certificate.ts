/** A certificate in PEM (RFC 7468): lines of 64 characters, of which the last may be a full one, and no empty line, which OpenSSL does not take. */
export function printCertificate(der: Buffer): string {
  const lines = der.toString("base64").replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
