import { expect, test, vi } from "vitest";
import { feesFile, openStage, ratesFile } from "./stage.ts";

const catalog = `configs:
  fees: { file: fees.yml, schema: builtin:fees, approval: { when: always, expires: 1h } }
  rates: { file: rates.yml, schema: builtin:rates, keep: 1h }
`;

test("/pending has the buttons of every kind, and approval of a schedule is asked when it is scheduled", async () => {
  const { airlock, anna, boris } = await openStage({
    configFiles: { "fees.yml": feesFile(0) },
    rootFiles: { "airlock.yml": catalog },
  });
  boris.send("/whoami");
  await boris.waitForText("Your id");
  anna.upload("rates.yml", ratesFile(0.5), { caption: "/set_rates" });
  await anna.waitForText("unless somebody presses Keep");
  const due = new Date(Date.now() + 15_000).toISOString().slice(0, 19);
  anna.upload("fees.yml", feesFile(1), { caption: `/schedule_fees ${due} the new month` });
  const waits = await anna.waitForText("🕓 fees.yml waits for approval. Nothing was changed yet.");
  expect(waits.text).toContain(`It will go live at ${due.replace("T", " ")} UTC.`);
  boris.send("/pending");
  const list = await boris.waitForText("Waiting now:");
  expect(list.text).toMatch(/^1\. rates\.yml: Anna's change is live as revision 2, and goes back/m);
  expect(list.text).toMatch(
    /^2\. fees\.yml: Anna's change needs 1 more approval by .*, the new month$/m,
  );
  const now = (): string | undefined =>
    boris.messages().find(({ message_id: id }) => id === list.message_id)?.text;
  boris.press(list, "Keep (1)");
  await anna.waitForText("Kept by Boris.");
  await vi.waitFor(() => expect(now()).toMatch(/^Waiting now:\nfees\.yml: /), 20_000);
  boris.press(list, "Approve");
  const scheduled = await anna.waitForText("🗓 fees.yml will change at");
  expect(scheduled.text).toContain("Approved by Boris.");
  expect(scheduled.message_id).toBe(waits.message_id);
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect((await airlock.history("fees"))[1]).toMatchObject({
    how: "scheduled",
    author: { id: 1001 },
    approved_by: [{ id: 1002, name: "Boris" }],
  });

  // Approvals have an hour, but this one is to be made long before.
  const soon = new Date(Date.now() + 3000).toISOString().slice(0, 19);
  const dueText = `${soon.replace("T", " ")} UTC`;
  const since = { anna: { since: anna.cursor() }, boris: { since: boris.cursor() } };
  anna.upload("fees.yml", feesFile(2), { caption: `/schedule_fees ${soon}` });
  const told = await anna.waitForText("🕓 fees.yml waits for approval.", since.anna);
  expect(told.text).toContain(`1 person must approve it by ${dueText}.`);
  const asked = await boris.waitForText("🕓 Anna wants to change fees.yml.", since.boris);
  expect(asked.text).toContain(`This can be approved until ${dueText}.`);
  for (const [person, from] of [
    [anna, since.anna],
    [boris, since.boris],
  ] as const) {
    const ended = await person.waitForText("⌛ Nobody approved in ", from);
    expect(ended.text).toMatch(
      /^⌛ Nobody approved in \d seconds?\. fees\.yml was not changed\.$/m,
    );
    expect(ended.text).toContain(`\nIt was due at ${dueText}.`);
  }
  expect(await airlock.history("fees")).toHaveLength(2);
});
