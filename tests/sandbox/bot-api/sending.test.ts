import { expect, test } from "vitest";
import { InputFile } from "grammy";
import { callRaw, refusalOf, startSandbox } from "./sandbox.ts";

test("a message that the bot sends stands in the chat, trimmed", async () => {
  const { api, anna, server } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "  Hello\tAnna \n");
  expect(sent.text).toBe("Hello Anna");
  expect(server.messages(anna.chatId).at(-1)).toEqual(sent);
  expect(server.transcript(anna.chatId)).toBe("Anna: /start\nBot:  Hello Anna");
});

test("a reply holds the message it answers", async () => {
  const { api, anna } = await startSandbox();
  const question = anna.send("How much?");
  const sent = await api.sendMessage(anna.chatId, "So much", {
    reply_parameters: { message_id: question.message_id },
  });
  expect(sent.reply_to_message?.text).toBe("How much?");
});

test("a reply to a missing message goes out without it where that is allowed", async () => {
  const { api, anna } = await startSandbox();
  const sent = await api.sendMessage(anna.chatId, "So much", {
    reply_parameters: { message_id: 999, allow_sending_without_reply: true },
  });
  expect(sent.reply_to_message).toBeUndefined();
});

for (const { name, send, refusal } of [
  { name: "an empty text", send: { text: "" }, refusal: "message text is empty" },
  { name: "a text of white space", send: { text: " \n" }, refusal: "text must be non-empty" },
  {
    name: "a text of 4097 characters",
    send: { text: "x".repeat(4097) },
    refusal: "message is too long",
  },
  {
    name: "markup, which the bot never sends,",
    send: { text: "<b>x</b>", parse_mode: "HTML" as const },
    refusal: "this stand-in reads no parse_mode",
  },
  {
    name: "a reply to a missing message",
    send: { text: "x", reply_parameters: { message_id: 999 } },
    refusal: "message to be replied not found",
  },
  {
    name: "callback data of 65 bytes",
    send: {
      text: "x",
      reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "ä".repeat(33) }]] },
    },
    refusal: "BUTTON_DATA_INVALID",
  },
  {
    name: "a button that does nothing",
    send: { text: "x", reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "" }]] } },
    refusal:
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
  },
]) {
  test(`${name} is refused in Telegram's words`, async () => {
    const { api, anna } = await startSandbox();
    const { text, ...other } = send;
    expect(await refusalOf(api.sendMessage(anna.chatId, text, other))).toBe(
      `400 Bad Request: ${refusal}`,
    );
    expect(anna.messages()).toHaveLength(1);
  });
}

test("4096 characters and 64 bytes of callback data are accepted", async () => {
  const { api, anna } = await startSandbox();
  await api.sendMessage(anna.chatId, "x".repeat(4096), {
    reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "ä".repeat(32) }]] },
  });
  expect(anna.messages()).toHaveLength(2);
});

test("a chat that nobody knows is not found", async () => {
  const { api } = await startSandbox();
  expect(await refusalOf(api.sendMessage(5, "x"))).toBe("400 Bad Request: chat not found");
});

test("the bot cannot begin with a person who never wrote to it", async () => {
  const { api, server } = await startSandbox();
  const boris = server.user({ id: 1002, firstName: "Boris" });
  expect(await refusalOf(api.sendMessage(boris.chatId, "x"))).toBe(
    "403 Forbidden: bot can't initiate conversation with a user",
  );
  boris.send("/start");
  await api.sendMessage(boris.chatId, "x");
});

test("a bot that was blocked cannot write", async () => {
  const { api, anna } = await startSandbox();
  anna.block();
  expect(await refusalOf(api.sendMessage(anna.chatId, "x"))).toBe(
    "403 Forbidden: bot was blocked by the user",
  );
});

for (const name of [
  "fees.yml",
  "тарифы 2026.yml",
  'quote".yml',
  "100% sure.yml",
  "%zz.yml",
  "a'b (1).yml",
]) {
  test(`a document named ${name} goes out and comes back byte for byte`, async () => {
    const { api, anna, server } = await startSandbox();
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255, ...Buffer.from("\r\n----------x\r\n")]);
    const sent = await api.sendDocument(anna.chatId, new InputFile(bytes, name), {
      caption: "revision 2",
    });
    expect(sent.document).toMatchObject({ file_name: name, file_size: bytes.length });
    expect(sent.caption).toBe("revision 2");
    expect(server.fileBytes(sent.document.file_id)).toEqual(bytes);
  });
}

test("a document without a file is refused", async () => {
  const { api, anna } = await startSandbox();
  expect(await refusalOf(api.sendDocument(anna.chatId, ""))).toBe(
    "400 Bad Request: there is no document in the request",
  );
  const empty = new InputFile(Buffer.alloc(0), "empty.yml");
  expect(await refusalOf(api.sendDocument(anna.chatId, empty))).toBe(
    "400 Bad Request: file must be non-empty",
  );
});

for (const { name, disposition, fileName } of [
  { name: "in quotes", disposition: 'name="document"; filename="a; b.yml"', fileName: "a; b.yml" },
  {
    name: "URL-encoded",
    disposition: "name=document;filename=%D1%82%20x.yml",
    fileName: "т x.yml",
  },
]) {
  test(`a file name that comes ${name} is read`, async () => {
    const { server } = await startSandbox();
    const body = [
      "--edge\r\nContent-Disposition: form-data; name=chat_id\r\n\r\n1001",
      `--edge\r\nContent-Disposition: form-data; ${disposition}\r\n\r\nmaker_percent: 1`,
      "--edge--\r\n",
    ].join("\r\n");
    const answer = await callRaw(server, `/bot${server.token}/sendDocument`, {
      method: "POST",
      headers: { "content-type": "multipart/form-data; boundary=edge" },
      body,
    });
    expect(answer.body).toMatchObject({
      result: { document: { file_name: fileName, file_size: 16 } },
    });
  });
}

test("a photo arrives as a picture of its size, and what is none is refused", async () => {
  const { server, api } = await startSandbox();
  const png = Buffer.alloc(24);
  png.write("\x89PNG", "latin1");
  png.writeUInt32BE(1080, 16);
  png.writeUInt32BE(900, 20);
  const sent = await api.sendPhoto(1001, new InputFile(png, "a.png"), { caption: "a picture" });
  expect(sent).toMatchObject({ caption: "a picture", photo: [{ width: 1080, height: 900 }] });
  expect(server.fileBytes(sent.photo.at(-1)?.file_id ?? "")).toEqual(png);
  const refused = api.sendPhoto(1001, new InputFile(Buffer.from("no"), "a.png"));
  expect(await refusalOf(refused)).toBe("400 Bad Request: IMAGE_PROCESS_FAILED");
});
