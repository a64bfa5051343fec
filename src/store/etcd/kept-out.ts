// By what one knows that etcd lets nobody in, and why: in its own words, in Node's codes, in OpenSSL's.
import type { Distrust, Trouble } from "../../model/trouble.ts";

/** @param text - of etcd: https://github.com/etcd-io/etcd/blob/v3.5.0/api/v3rpc/rpctypes/error.go @returns undefined for anything else */
export function accountTrouble(text: string): Trouble | undefined {
  if (/authentication failed|invalid auth token/.test(text)) {
    return { code: "store_account_unknown" };
  }
  if (/user name is empty/.test(text)) return { code: "store_account_missing" };
  return /permission denied/.test(text) ? { code: "store_not_permitted" } : undefined;
}

/** @param cause - why an endpoint could not be used @returns undefined where that had another reason */
export function distrustIn(cause: unknown): Distrust | undefined {
  if (!(cause instanceof Error)) return undefined;
  const code = "code" in cause ? String(cause.code) : "";
  if (/wrong.version.number|packet.length.too.long/i.test(`${code} ${cause.message}`)) {
    return "speaks_no_tls";
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "name";
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") return "time";
  // https://nodejs.org/api/tls.html#x509-certificate-error-codes
  return /SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|CERT_(UNTRUSTED|REJECTED|SIGNATURE)|INVALID_CA/.test(
    code,
  )
    ? "authority"
    : undefined;
}
