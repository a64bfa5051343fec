// A file's access control list and its other extended attributes, which Node has no calls for. Whoever replaces a file must carry them
// over: they decide who may read it. They are few and small, so that reading them costs a system call where there are none.
import { constants } from "node:os";
import type * as Calls from "@napi-rs/xattr";
import { Refusal } from "../model/trouble.ts";
import { errnoOf } from "./disk-error.ts";

/** By their full names, such as `system.posix_acl_access` and `user.origin`. */
export type FileAttributes = ReadonlyMap<string, Uint8Array>;

/** Linux keeps a file's access control list under this name; it holds the bits of the mode too. */
const accessListName = "system.posix_acl_access";
/** What the kernel makes of a file's own bytes: on other bytes they would be wrong. See ima(7) and evmctl(1). */
const madeOfTheBytes: ReadonlySet<string> = new Set(["security.ima", "security.evm"]);

/**
 * What the file at this path has; a link is not followed.
 * @returns nothing where the file system has none, and where no file is
 * @throws Refusal on a machine where they cannot be read at all
 */
export async function readAttributes(path: string): Promise<FileAttributes> {
  const { listAttributes, getAttribute } = await calls();
  const found = new Map<string, Uint8Array>();
  for (const name of await namesOf(() => listAttributes(path))) {
    const value = await systemCall("getxattr", () => getAttribute(path, name));
    // One that was removed since the names were listed.
    if (value !== null) found.set(name, value);
  }
  return found;
}

export function sameAttributes(one: FileAttributes, other: FileAttributes): boolean {
  return one.size === other.size && [...one].every((entry) => hasSame(other, entry));
}

function hasSame(attributes: FileAttributes, [name, value]: [string, Uint8Array]): boolean {
  const own = attributes.get(name);
  return own !== undefined && Buffer.compare(own, value) === 0;
}

/**
 * Gives a file exactly these attributes, also where it has others from its folder (a default access control list).
 * @param giveMode - gives the file its mode; called where that neither hinders nor undoes the rest
 * @throws Refusal where the process may not give one of them
 */
export async function giveAttributes(
  path: string,
  wanted: FileAttributes,
  giveMode: () => Promise<void>,
): Promise<void> {
  const { removeAttribute } = await calls();
  const present = await readAttributes(path);
  for (const name of present.keys()) {
    // A label that every new file gets by itself; there is no file without.
    if (wanted.has(name) || name.startsWith("security.")) continue;
    await given(name, () => removeAttribute(path, name));
  }
  const entries = [...wanted].filter(([name]) => !madeOfTheBytes.has(name));
  const named = (place: Place) => entries.filter(([name]) => placeOf(name) === place);
  await giveMissing(path, present, [...named("first"), ...named("list")]);
  await giveMode();
  const last = named("last");
  if (last.length > 0) await giveMissing(path, await readAttributes(path), last);
}

type Place = "first" | "list" | "last";

/**
 * The list comes after the others, for it may take the right to write from the owner, which `user.` attributes need; and before the
 * mode, which as its mask would open what it holds back, and whose other bits it may clear. Lists of other systems (`system.nfs4_acl`)
 * tell the mode in their own way, so they are compared once it is given.
 */
function placeOf(name: string): Place {
  if (!name.startsWith("system.")) return "first";
  return name === accessListName ? "list" : "last";
}

async function giveMissing(
  path: string,
  present: FileAttributes,
  wanted: readonly [string, Uint8Array][],
): Promise<void> {
  const { setAttribute } = await calls();
  for (const entry of wanted) {
    const [name, value] = entry;
    if (!hasSame(present, entry)) {
      await given(name, () => setAttribute(path, name, Buffer.from(value)));
    }
  }
}

/** What the disk itself refuses is told as that; all else is a right that the process lacks. */
const refusalsOfTheDisk: ReadonlySet<string> = new Set([
  "ENOSPC",
  "EDQUOT",
  "EROFS",
  "EIO",
  "ENOENT",
]);

async function given(name: string, give: () => Promise<void>): Promise<void> {
  try {
    await systemCall("setxattr", give);
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || refusalsOfTheDisk.has(code)) throw error;
    const what = name === accessListName ? "access_list_not_given" : "attributes_not_given";
    throw new Refusal({ code: what }, { cause: new Error(`${name}: ${code}`, { cause: error }) });
  }
}

async function namesOf(list: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await systemCall("listxattr", list);
  } catch (error) {
    const code = errnoOf(error);
    // A file that is gone is noticed by whoever needs it.
    if (code === "ENOTSUP" || code === "EOPNOTSUPP" || code === "ENOENT") return [];
    throw error;
  }
}

let loading: Promise<typeof Calls> | undefined;

/** Loaded at the first use, so that a machine without it can at least say so. */
function calls(): Promise<typeof Calls> {
  loading ??= import("@napi-rs/xattr").catch((cause: unknown) => {
    throw new Refusal({ code: "attributes_not_readable" }, { cause });
  });
  return loading;
}

/** The package throws errors that tell the system's number in their message alone. */
async function systemCall<Result>(syscall: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const number = /\(os error (\d+)\)$/.exec(cause instanceof Error ? cause.message : "")?.[1];
    const code = Object.entries(constants.errno).find(([, errno]) => errno === Number(number))?.[0];
    if (code === undefined) throw cause;
    throw Object.assign(new Error(`${code}: ${syscall}`, { cause }), { code, syscall });
  }
}
