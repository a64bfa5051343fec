// An inspector that finds nothing wrong and nothing changed, for tests of what happens around it.
import type { Inspector } from "../../src/model/inspector.ts";

export const inertInspector: Inspector = {
  check: () => Promise.resolve({ kind: "valid" }),
  compare: () => Promise.resolve({ kind: "same" }),
  merge: () => Promise.resolve({ kind: "impossible" }),
  replacement: () => Promise.resolve({ changes: { kind: "same" }, setBack: null }),
  findValue: () => Promise.resolve({ kind: "unreadable" }),
  setValue: () => Promise.resolve({ kind: "unreadable" }),
  stale: () => Promise.resolve({ undone: null, merge: { kind: "impossible" } }),
  patch: () => Promise.resolve(undefined),
  limits: () => Promise.resolve({ kind: "within" }),
  close: () => Promise.resolve(),
};
