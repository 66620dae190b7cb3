import { createSecureContext } from "node:tls";
import { expect, it } from "vitest";
import { createSelfSignedCertificate } from "../../src/tfplugin/self-signed-certificate.ts";

it("TLS takes every certificate, also one whose text ends with a full line", () => {
  for (let made = 0; made < 2_000; made++) {
    const { certificatePem, keyPem } = createSelfSignedCertificate(new Date());
    expect(certificatePem).not.toContain("\n\n");
    createSecureContext({ cert: certificatePem, key: keyPem });
  }
});
