// What is forwarded, or made by another bot, is a file at most: its words are not those of whoever sends it.
import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import { feesFile, openStage } from "./stage.ts";

const mallory = { id: 666, is_bot: false, first_name: "Mallory" };
const origins: Readonly<Record<string, Partial<Message>>> = {
  "from a person": { forward_origin: { type: "user", date: 1, sender_user: mallory } },
  "from the sender's own chats": {
    forward_origin: {
      type: "user",
      date: 1,
      sender_user: { id: 1001, is_bot: false, first_name: "Anna" },
    },
  },
  "from one who hides": {
    forward_origin: { type: "hidden_user", date: 1, sender_user_name: "Anna" },
  },
  "from an anonymous admin": {
    forward_origin: {
      type: "chat",
      date: 1,
      sender_chat: { id: -7, type: "supergroup", title: "Admins" },
    },
  },
  "from a channel": {
    forward_origin: {
      type: "channel",
      date: 1,
      chat: { id: -8, type: "channel", title: "News" },
      message_id: 1,
    },
  },
  "made by an inline bot": { via_bot: { id: 9, is_bot: true, first_name: "Gif", username: "gif" } },
};

describe("a document with /set_fees in its caption is asked about, and the caption is no reason", () => {
  for (const [name, fields] of Object.entries(origins)) {
    test(name, async () => {
      const { airlock, anna } = await openStage();
      anna.upload("fees.yml", feesFile(1), { caption: "/set_fees Mallory says so", fields });
      const asked = await anna.waitForText(
        "Which config is fees.yml for? Nothing was changed yet.",
      );
      expect(asked.text).toContain("The caption is not yours");
      expect(await airlock.history("fees")).toHaveLength(1);
      anna.press(asked, "Set fees.yml");
      await anna.waitForText("✅ fees.yml updated successfully!");
      expect((await airlock.history("fees")).at(-1)).toMatchObject({ reason: null });
    });
  }
});

test("a forwarded document answers an open question with its bytes alone", async () => {
  const { airlock, anna } = await openStage();
  const fields = origins["from a person"] ?? {};
  anna.send("/set_fees as Boris asked");
  await anna.waitForText("Send me the new fees.yml as a file.");
  anna.upload("rates.yml", feesFile(1), { caption: "/set_rates Mallory says so", fields });
  await anna.waitForText("✅ fees.yml updated successfully!");
  expect((await airlock.history("fees")).at(-1)).toMatchObject({ reason: "as Boris asked" });
  expect(await airlock.history("rates")).toHaveLength(1);
});

test("a forwarded text commands nothing, not even to cancel", async () => {
  const { server, airlock, anna, eve } = await openStage();
  const fields = origins["from one who hides"] ?? {};
  anna.send("/set_fees");
  await anna.waitForText("Send me the new fees.yml as a file.");
  for (const text of ["/cancel", "/set_rates", "/rollback_fees 1", "/mute"]) {
    const since = anna.cursor();
    anna.send(text, { fields });
    await anna.waitForText("That is a text message. I am still waiting for fees.yml", { since });
  }
  anna.send("/cancel");
  await anna.waitForText("🚫 Cancelled. fees.yml was not changed.");
  anna.send("/get_fees", { fields });
  await anna.waitForText("I only take commands that you type yourself");
  eve.send("/whoami", { fields });
  await expect.poll(() => server.pendingUpdates()).toEqual([]);
  await airlock.stop();
  expect(eve.messages()).toHaveLength(1);
});
