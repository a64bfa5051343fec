// Edits by hand that machines which follow the store have found and replaced: each is announced once, also where several bots could.
import type { MachineEdit } from "../model/machine.ts";
import type { Machines } from "../store/machines.ts";

/** @returns what ends it */
export function followMachineEdits(
  machines: Machines,
  announce: (edit: MachineEdit) => void,
  report: (what: string, error: unknown) => void,
): () => void {
  /** Whoever forgets it first announces it. */
  async function announceAll(): Promise<void> {
    for (const [key, edit] of machines.edits) {
      try {
        await machines.forgetEdit(key);
      } catch (error) {
        // It is tried with the next look.
        report("telling of an edit by hand", error);
        return;
      }
      announce(edit);
    }
  }
  let announcing = announceAll();
  return machines.watch(() => {
    announcing = announcing.then(announceAll);
  });
}
