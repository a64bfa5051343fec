// All methods of the stand-in by name. Telegram takes method names in any case.
import { accountMethods } from "./account-methods.ts";
import type { ApiMethod } from "./api-method.ts";
import { editMethods } from "./edit-methods.ts";
import { sendMethods } from "./send-methods.ts";

const methods = new Map(
  Object.entries({ ...accountMethods, ...sendMethods, ...editMethods }).map(([name, method]) => [
    name.toLowerCase(),
    method,
  ]),
);

/** @returns undefined for a method that this server does not have */
export function findApiMethod(name: string): ApiMethod | undefined {
  return methods.get(name.toLowerCase());
}
