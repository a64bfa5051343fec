// What becomes of entities on their way to Telegram: cut with the text that they are in, and left out where a server knows less of them
// than Telegram does, as a Bot API server of one's own may.
import type { Transformer } from "grammy";
import type { ApiError, MessageEntity } from "grammy/types";
import { cut, type Entity } from "../../words/text.ts";
import { messageCharsMax } from "./plain-text.ts";

/** Telegram's limits, and where each text has its entities: https://core.telegram.org/bots/api */
const fields = [
  { text: "text", entities: "entities", charsMax: messageCharsMax },
  { text: "caption", entities: "caption_entities", charsMax: 1024 },
] as const;
const pressAnswerCharsMax = 200;
/** Telegram leaves out what is more. */
const entitiesMax = 100;

/** Cuts what is too long, which Telegram would refuse whole. Texts are made to fit, so that only names out of all proportion are cut. */
export function fitted(): Transformer {
  return (previous, method, payload, signal) => {
    let fitting = payload;
    for (const field of fields) {
      const limit = method === "answerCallbackQuery" ? pressAnswerCharsMax : field.charsMax;
      const text: unknown = Reflect.get(payload, field.text);
      const entities = entitiesIn(payload, field.entities) ?? [];
      if (typeof text !== "string") continue;
      if (text.length <= limit && entities.length <= entitiesMax) continue;
      const short = cut({ text, entities }, limit);
      fitting = { ...fitting, [field.text]: short.text };
      if (entities.length === 0) continue;
      fitting = { ...fitting, [field.entities]: short.entities.slice(0, entitiesMax) };
    }
    return previous(method, fitting, signal);
  };
}

/** The bot makes them itself: these are all that it makes. */
function entitiesIn(payload: object, field: string): readonly Entity[] | undefined {
  return Reflect.get(payload, field) as readonly Entity[] | undefined;
}

/** In this order more is left out. */
const levels: readonly ((type: MessageEntity["type"]) => boolean)[] = [
  () => true,
  // The youngest ones: https://core.telegram.org/bots/api-changelog
  (type) => type !== "date_time" && type !== "expandable_blockquote",
  () => false,
];

/** Refusals that say something else: without entities they would be the same. */
const otherRefusals =
  /not modified|not found|too long|can't be edited|deactivated|upgraded|rights|not a member|TOO_LONG|DATA_INVALID/i;

/**
 * Sends a text again where a server refuses its entities: without those that are young, then without any. What it took is how all that
 * follows is sent, until the process ends.
 */
export function withAcceptedEntities(): Transformer {
  let level = 0;
  return async (previous, method, payload, signal) => {
    const hasEntities = fields.some(({ entities }) => entitiesIn(payload, entities) !== undefined);
    if (!hasEntities) return previous(method, payload, signal);
    for (let tried = level; ; tried += 1) {
      const answer = await previous(method, withEntitiesOf(payload, tried), signal);
      if (answer.ok) level = Math.max(level, tried);
      if (answer.ok || !mayBeEntities(answer) || tried === levels.length - 1) return answer;
    }
  };
}

function mayBeEntities({ error_code: code, description }: ApiError): boolean {
  return code === 400 && !otherRefusals.test(description);
}

function withEntitiesOf<Payload extends object>(payload: Payload, level: number): Payload {
  if (level === 0) return payload;
  const isKept = levels[level] ?? (() => false);
  const changed: Record<string, readonly Entity[]> = {};
  for (const { entities } of fields) {
    const all = entitiesIn(payload, entities);
    if (all !== undefined) changed[entities] = all.filter(({ type }) => isKept(type));
  }
  return { ...payload, ...changed };
}
