import { expect, test } from "vitest";
import { parseChatFile, renderChatFile, type Action } from "./chat-script.ts";

const people = ["Anna", "Boris"];

function onlyStep(line: string): { action: Action | undefined; botEvents: number } | undefined {
  const [steps] = parseChatFile(["```", line, "```"].join("\n"), people).blocks;
  return steps?.[0];
}

for (const { line, action } of [
  { line: "Anna: /set_fees", action: { kind: "text", person: "Anna", text: "/set_fees" } },
  { line: "Anna: two\n      lines", action: { kind: "text", person: "Anna", text: "two\nlines" } },
  {
    line: "Boris: [fees.yml: maker_percent 150] /set_fees because",
    action: {
      kind: "attachment",
      person: "Boris",
      label: "fees.yml: maker_percent 150",
      caption: "/set_fees because",
    },
  },
  { line: "Anna: (presses Undo)", action: { kind: "press", person: "Anna", button: "Undo" } },
  { line: "(the disk fills up)", action: { kind: "act", name: "the disk fills up" } },
  { line: "Anna: (sighs)", action: { kind: "text", person: "Anna", text: "(sighs)" } },
]) {
  test(`${line} is read as ${action.kind}`, () => {
    expect(onlyStep(line)?.action).toEqual(action);
  });
}

test("the bot's lines after an action are counted, their further lines are not", () => {
  const script = [
    "Anna: /help",
    "Bot:  One",
    "",
    "      still one",
    "Bot (edited): Two",
    "Bot → Anna (edited): Three",
    "Bot (to the press): Four",
  ];
  expect(onlyStep(script.join("\n"))?.botEvents).toBe(4);
});

test("a line that nobody says is refused with its number", () => {
  const text = ["# Title", "```", "Clara: hello", "```"].join("\n");
  expect(() => parseChatFile(text, people)).toThrow("line 3");
});

test("a file is put together again from its prose and its blocks", () => {
  const text = "# Title\n\n```\nAnna: hi\nBot:  ho\n```\n\nThen:\n\n```\nBot:  bye\n```\n";
  const { prose, blocks } = parseChatFile(text, people);
  expect(blocks.map((steps) => steps.map(({ botEvents }) => botEvents))).toEqual([[1], [1]]);
  expect(renderChatFile(prose, ["Anna: hi\nBot:  ho", "Bot:  bye"])).toBe(text);
});
