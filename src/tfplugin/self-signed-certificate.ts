import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { printCertificate } from "./print-certificate.ts";
import { tlv } from "./tlv.ts";

/** A certificate for one process's life, and its key. */
export interface Certificate {
  readonly der: Buffer;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** DER tags (X.690) and object identifiers (RFC 5280, RFC 5758), encoded. */
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const TRUE = Buffer.from("0101ff", "hex");
const ECDSA_WITH_SHA256 = "2a8648ce3d040302";
const COMMON_NAME = "550403";
const SUBJECT_ALT_NAME = "551d11";
const BASIC_CONSTRAINTS = "551d13";
const KEY_USAGE = "551d0f";
const EXTENDED_KEY_USAGE = "551d25";
const SERVER_AUTH = "2b06010505070301";
const CLIENT_AUTH = "2b06010505070302";
/** digitalSignature, keyEncipherment, keyAgreement, keyCertSign. */
const USAGE_BITS = Buffer.from("030202ac", "hex");

/**
 * A self-signed certificate for `localhost`, as HashiCorp's plugin handshake has each side make one ("AutoMTLS"). Node makes keys and
 * signatures but no certificates.
 */
export function createSelfSignedCertificate(now: Date): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = tlv(SEQUENCE, oid(ECDSA_WITH_SHA256));
  const name = tlv(
    SEQUENCE,
    tlv(SET, tlv(SEQUENCE, oid(COMMON_NAME), tlv(UTF8_STRING, Buffer.from("localhost")))),
  );
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = tlv(
    SEQUENCE,
    tlv(0xa0, tlv(INTEGER, Buffer.from([2]))),
    tlv(INTEGER, serial),
    algorithm,
    name,
    tlv(SEQUENCE, utcTime(now, -1), utcTime(now, 30)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tlv(0xa3, tlv(SEQUENCE, ...extensions())),
  );
  const signature = sign("sha256", body, privateKey);
  const der = tlv(SEQUENCE, body, algorithm, tlv(BIT_STRING, Buffer.from([0]), signature));
  return {
    der,
    certificatePem: printCertificate(der),
    keyPem: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

function extensions(): readonly Buffer[] {
  const purposes = tlv(SEQUENCE, oid(SERVER_AUTH), oid(CLIENT_AUTH));
  const host = tlv(SEQUENCE, tlv(0x82, Buffer.from("localhost")));
  return [
    extension(BASIC_CONSTRAINTS, tlv(SEQUENCE, TRUE), true),
    extension(KEY_USAGE, USAGE_BITS, true),
    extension(EXTENDED_KEY_USAGE, purposes, false),
    extension(SUBJECT_ALT_NAME, host, false),
  ];
}

function extension(id: string, value: Buffer, isCritical: boolean): Buffer {
  const critical = isCritical ? [TRUE] : [];
  return tlv(SEQUENCE, oid(id), ...critical, tlv(OCTET_STRING, value));
}

function utcTime(now: Date, days: number): Buffer {
  const time = new Date(now.getTime() + days * 86_400_000).toISOString();
  return tlv(UTC_TIME, Buffer.from(`${time.slice(2, 19).replace(/[-:T]/g, "")}Z`));
}

function oid(hex: string): Buffer {
  return tlv(OBJECT_ID, Buffer.from(hex, "hex"));
}
