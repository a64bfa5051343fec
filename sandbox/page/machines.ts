// The machines that follow the store, side by side: how far each has come with every config, and what one can do to it.
import { button, byId, element } from "./element.ts";
import { post } from "./requests.ts";

export interface MachineView {
  readonly name: string;
  readonly process: "running" | "paused" | "ended";
  readonly problem: string | null;
  readonly makerFee: string | null;
  readonly configs: readonly {
    readonly id: string;
    readonly fileName: string;
    readonly revision: number | null;
    readonly state: string;
    readonly changedLine: string | null;
  }[];
}

const processTexts = { running: "running", paused: "paused", ended: "not running" };

const stateTexts: Readonly<Record<string, string>> = {
  written: "written, not proven",
  fetched: "waits its turn",
};

interface DrawnMachine {
  readonly card: HTMLElement;
  readonly process: HTMLElement;
  readonly facts: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly hang: HTMLButtonElement;
  view: MachineView;
}

const drawn = new Map<string, DrawnMachine>();

/** The cards stay, and with them the focus: only what is in them changes. */
export function showMachines(machines: readonly MachineView[]): void {
  byId("machines", HTMLElement).hidden = machines.length === 0;
  const list = byId("machine-list", HTMLElement);
  for (const [name, { card }] of drawn) {
    if (machines.some((machine) => machine.name === name)) continue;
    card.remove();
    drawn.delete(name);
  }
  for (const view of machines) {
    const known = drawn.get(view.name) ?? draw(view);
    if (!known.card.isConnected) list.append(known.card);
    drawn.set(view.name, known);
    known.view = view;
    refresh(known);
  }
}

function draw(view: MachineView): DrawnMachine {
  const { name } = view;
  const act = (what: string): void => void post(`machines/${name}/${what}`);
  const run = button("", () => act(machine.view.process === "ended" ? "start" : "kill"));
  const hang = button("", () => act(machine.view.process === "paused" ? "resume" : "pause"));
  const edit = button("Edit by hand", () => act("edit"));
  const process = element("span", { class: "process", role: "status" });
  const facts = element("dl");
  const heading = element("h4", { id: `machine-${name}` }, name);
  const card = element(
    "li",
    { class: "machine", "aria-labelledby": heading.id },
    element(
      "div",
      { class: "machine-head" },
      heading,
      process,
      element("div", { class: "actions" }, run, hang, edit),
    ),
    facts,
  );
  const machine: DrawnMachine = { card, process, facts, run, hang, view };
  return machine;
}

function refresh({ card, process, facts, run, hang, view }: DrawnMachine): void {
  const { makerFee, problem } = view;
  card.dataset["process"] = view.process;
  process.textContent = problem ?? processTexts[view.process];
  run.textContent = view.process === "ended" ? "Start" : "Kill";
  hang.textContent = view.process === "paused" ? "Resume" : "Pause";
  hang.hidden = view.process === "ended";
  const rows = view.configs.map(({ fileName, revision, state, changedLine }) =>
    row(
      fileName,
      element("span", { class: "state", "data-state": state }, stateTexts[state] ?? state),
      element("span", {}, revision === null ? "" : ` revision ${revision}`),
      changedLine === null ? "" : element("code", {}, changedLine),
    ),
  );
  if (makerFee !== null) rows.push(row("price service", `charges ${makerFee} %`));
  facts.replaceChildren(...rows);
}

function row(name: string, ...facts: readonly (Node | string)[]): HTMLElement {
  return element("div", {}, element("dt", {}, name), element("dd", {}, ...facts));
}
