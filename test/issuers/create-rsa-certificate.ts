import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { printCertificate } from "../../src/tfplugin/print-certificate.ts";
import { tlv } from "../../src/tfplugin/tlv.ts";

/** A certificate for an RSA key as PayPal signs with, self-signed, and the key. Node makes none by itself. */
export function createRsaCertificate(validTo: Date): {
  readonly pem: string;
  readonly key: KeyObject;
} {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  // sha256WithRSAEncryption, and the common name's object identifier.
  const algorithm = tlv(0x30, tlv(0x06, Buffer.from("2a864886f70d01010b", "hex")), tlv(0x05));
  const common = [tlv(0x06, Buffer.from("550403", "hex")), tlv(0x0c, Buffer.from("test"))];
  const name = tlv(0x30, tlv(0x31, tlv(0x30, ...common)));
  const body = tlv(
    0x30,
    tlv(0x02, Buffer.from([1])),
    algorithm,
    name,
    tlv(0x30, printTime(new Date(validTo.getTime() - 30 * 86_400_000)), printTime(validTo)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", body, privateKey);
  const der = tlv(0x30, body, algorithm, tlv(0x03, Buffer.from([0]), signature));
  return { pem: printCertificate(der), key: privateKey };
}

function printTime(time: Date): Buffer {
  const digits = time.toISOString().slice(2, 19).replace(/[-:T]/g, "");
  return tlv(0x17, Buffer.from(`${digits}Z`));
}
