import { describe, expect, test } from "vitest";
import { etcdIsMissing } from "../store/etcd/cluster.ts";
import { browserIsMissing } from "./browser.ts";
import { sharedSandbox } from "./open-page.ts";
import { startSandboxProcess } from "./sandbox-process.ts";

const whatToInstall =
  "Several machines share a store in etcd, which is not installed here (Debian: apt-get install etcd-server; macOS: brew install etcd).";
/** With nothing in it. */
const noPrograms = "/var/empty";

describe.skipIf(browserIsMissing || etcdIsMissing)(
  "three machines on the sandbox's page",
  { timeout: 180_000 },
  () => {
    const open = sharedSandbox();

    test("one press plays them: a change comes to each, an edit by hand is undone, who is down is named; what the first one's service refuses goes back", async () => {
      const { page, chat, lastSays, history } = await open();
      const machine = (name: string) =>
        page.getByRole("list", { name: "The machines" }).getByRole("listitem", { name });
      const press = (name: string, label: string): Promise<void> =>
        machine(name).getByRole("button", { name: label }).click();
      const shows = (name: string, text: string): Promise<void> =>
        machine(name).getByText(text).first().waitFor();

      await page.getByRole("button", { name: "Three machines", exact: true }).click();
      await chat("Anna").getByText("Live on 3 of 3 machines.").waitFor();
      for (const name of ["Anna", "Boris"]) {
        await chat(name).getByText("✏️ fees.yml was changed on web-2.").waitFor();
      }
      await shows("web-3", "not running");
      await chat("Boris").getByText("Live on 2 of 3 machines.").waitFor();
      for (const name of ["web-1", "web-2"]) {
        await shows(name, "live revision 3");
        await shows(name, "maker_percent: 0.1 ");
      }
      await shows("web-3", "maker_percent: 0.09 ");
      await press("web-3", "Start");
      await lastSays("Boris", "Live on 3 of 3 machines.");
      await shows("web-3", "maker_percent: 0.1 ");
      await history("fees revision 3: upload by Boris");

      await page.getByRole("button", { name: "Refuse the next config" }).click();
      await chat("Boris").getByRole("button", { name: "Valid change" }).click();
      await lastSays("Boris", "↩️ fees.yml went back to revision 3: the service did not take it.");
      for (const name of ["web-1", "web-2", "web-3"]) {
        await shows(name, "live revision 5");
        await shows(name, "charges 0.1 %");
      }

      await press("web-1", "Pause");
      await shows("web-1", "paused");
      await press("web-1", "Resume");
      await shows("web-1", "running");
      await press("web-1", "Edit by hand");
      await lastSays("Anna", "✏️ fees.yml was changed on web-1.");
    });
  },
);

describe.skipIf(browserIsMissing)("without etcd", () => {
  const open = sharedSandbox(() => ({ path: noPrograms }));

  test("the stories of several machines are there, cannot be pressed, and say what to install", async () => {
    const { page } = await open();
    const story = page.getByRole("button", { name: "Three machines", exact: true });
    expect(await story.isDisabled()).toBe(true);
    await page.getByRole("listitem").filter({ has: story }).getByText(whatToInstall).waitFor();
  });
});

test("who asks for machines without etcd reads what to install", async () => {
  await expect(
    startSandboxProcess({ args: ["--machines", "3"], path: noPrograms }),
  ).rejects.toThrow(`${whatToInstall}\n`);
});

test("a wrong number of machines is refused", async () => {
  for (const count of ["10", "-1", "two"]) {
    await expect(startSandboxProcess({ args: [`--machines=${count}`] })).rejects.toThrow(
      "--machines must be a whole number from 1 to 9.",
    );
  }
});
