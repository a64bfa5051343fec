// What a store of several machines has to say for itself: that it does not answer, and to operators why it lets nobody in.
import type { Distrust, Trouble } from "../model/trouble.ts";
import { clock, type Spoken, t } from "./line.ts";

/** @param asOf - when it was live for certain, ISO 8601 */
export function liveAsOf(asOf: string): Spoken {
  return {
    en: t`The store does not answer; this was live at ${clock(asOf)}.`,
    ru: t`Хранилище не отвечает; это действовало в ${clock(asOf)}.`,
  };
}

const wrongCertificates: Readonly<Record<Distrust, string>> = {
  authority:
    "ETCD_CA_FILE must hold the authority that signed etcd's certificates: this certificate is from another one",
  name: "ETCD_ENDPOINTS must use the names that etcd's certificates are for: this certificate is for another name",
  time: "etcd's certificate has expired, or is not valid yet: renew it, or check the clocks",
  speaks_no_tls: "ETCD_ENDPOINTS must begin with http:// here: this etcd does not speak TLS",
};

/** Which setting is wrong, where the store lets nobody in; for operators. @returns undefined where that is not what happened */
export function keptOutText(trouble: Trouble): string | undefined {
  switch (trouble.code) {
    case "store_account_unknown":
      return "ETCD_USERNAME and ETCD_PASSWORD_FILE must be an account of etcd: it does not accept this name with this password";
    case "store_account_missing":
      return "ETCD_USERNAME and ETCD_PASSWORD_FILE must be set: this etcd asks for an account";
    case "store_not_permitted":
      return "ETCD_USERNAME must be an account that may read and write everything below ETCD_PREFIX: etcd does not permit it";
    case "store_not_trusted":
      return wrongCertificates[trouble.params.why];
    default:
      return undefined;
  }
}
