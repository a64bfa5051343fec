// Commands that only look: /get_*, /schema_*, /status, /help, /start, /whoami. They take no lock, and wait for nothing in the chat.
import { reply, replyWithFile } from "../messages/say.ts";
import { Composer, InputFile } from "grammy";
import { configSchemaFile } from "../../change/config-schema-file.ts";
import type { Freezes } from "../../change/freezes.ts";
import type { Applies } from "../../change/after/apply.ts";
import { changedOnDiskAt, type FoundRevision, readCurrent } from "../../change/read.ts";
import { refusalOrThrow, type Trouble } from "../../model/trouble.ts";
import type { ConfigStore } from "../../store/port.ts";
import type { BotContext } from "../updates/bot-context.ts";
import { NoAnswer } from "../api/call-telegram.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import { messageCharsMax, partsOf } from "../api/plain-text.ts";
import {
  emptyFile,
  liveCaption,
  noFile,
  schemaCaption,
  unreadable,
} from "../../words/answer-words.ts";
import {
  type AllowedConfig,
  type ConfigStatus,
  startLines,
  statusLines,
  whoAmILines,
} from "../../words/overview-words.ts";
import { spreadOf } from "../../model/machine.ts";
import { renderLine, type Text, titled } from "../../words/text.ts";
import type { Line } from "../../words/line.ts";
import { helpLines } from "../../words/help-words.ts";
import { onCommand } from "../updates/on-command.ts";
import { askedRevision, askedVersion } from "./asked-version.ts";

export interface BrowseOptions extends ConfigService {
  readonly version: string;
  /** When the bot started, by the clock of performance.now(). */
  readonly startedMs: number;
}

export function browse({
  lives,
  people,
  doors,
  bases,
  freezes,
  applies,
  machines,
  version,
  startedMs,
}: BrowseOptions): Composer<BotContext> {
  const composer = new Composer<BotContext>();
  const readable = (id: number): readonly ConfigStore[] =>
    lives.filter(({ config }) => people.roleOf(id, config.id) !== undefined);

  composer.use(
    doors.command("get", async (ctx, live) => {
      const { config } = live;
      const revision = askedRevision(ctx);
      if (revision !== undefined) {
        const found = await askedVersion(ctx, live, revision);
        return found === undefined ? undefined : giveRevision(ctx, live, found);
      }
      const read = await readOrTrouble(live);
      if (read.kind === "trouble") return reply(ctx, unreadable(config.fileName, read.trouble));
      if (read.kind === "missing") return reply(ctx, noFile(config, read.newest));
      const { bytes, sha256 } = read.version;
      const caption = liveCaption(config.fileName, read.version, read.entry);
      return give(ctx, live, { bytes, sha256, caption });
    }),
  );

  function giveRevision(
    ctx: BotContext,
    live: ConfigStore,
    { entry, version: { bytes } }: FoundRevision,
  ): Promise<void> {
    const { sha256, at: modifiedAt, revision } = entry;
    const caption = liveCaption(live.config.fileName, { sha256, modifiedAt, revision }, entry);
    return give(ctx, live, { bytes, sha256, caption });
  }

  /** From now on this is what they have seen: an upload that undoes later changes is stale. */
  async function give(
    ctx: BotContext,
    { config }: ConfigStore,
    { bytes, sha256, caption }: GivenVersion,
  ): Promise<void> {
    const remember = (): Promise<void> => bases.write(ctx.admin.id, config.id, sha256);
    if (bytes.length === 0) {
      await reply(ctx, [...caption, emptyFile]);
      return remember();
    }
    try {
      await replyWithFile(ctx, new InputFile(bytes, config.fileName), caption);
    } catch (error) {
      // It may have arrived although its answer did not. Whoever has seen an older version has at least that.
      const isUnclear = error instanceof NoAnswer;
      if (isUnclear && (await bases.read(ctx.admin.id, config.id)) === undefined) await remember();
      throw error;
    }
    return remember();
  }

  composer.use(
    doors.command("schema", (ctx, { config }) => {
      const { name, text } = configSchemaFile(config);
      return replyWithFile(
        ctx,
        new InputFile(Buffer.from(text), name),
        schemaCaption(config.fileName, name),
      );
    }),
    onCommand(["status"], async (ctx) => {
      const configStatuses = await Promise.all(
        readable(ctx.admin.id).map((live) => statusOf(live, freezes, applies, machines)),
      );
      await replyInParts(ctx, statusLines(configStatuses, version, performance.now() - startedMs));
    }),
    onCommand(["start"], (ctx) => replyInParts(ctx, startLines(allowedTo(ctx)))),
    onCommand(["help"], (ctx) => replyInParts(ctx, helpLines(allowedTo(ctx)))),
    onCommand(["whoami"], (ctx) => replyInParts(ctx, whoAmILines(ctx.admin.id, allowedTo(ctx)))),
  );

  function allowedTo(ctx: BotContext): readonly AllowedConfig[] {
    return lives.flatMap(({ config }) => {
      const role = people.roleOf(ctx.admin.id, config.id);
      return role === undefined ? [] : [{ config, role }];
    });
  }

  return composer;
}

/** In as many messages as that takes, one after another; a line is never cut. */
async function replyInParts(ctx: BotContext, lines: readonly Line[]): Promise<void> {
  const rendered = lines.map((line) => renderLine(line, ctx.language));
  const [first, ...rest] = partsOf(rendered, messageCharsMax);
  if (first !== undefined) await reply(ctx, titled(first));
  for (const part of rest) await reply(ctx, part);
}

interface GivenVersion {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly caption: Text;
}

interface Unreadable {
  readonly kind: "trouble";
  readonly trouble: Trouble;
}

async function readOrTrouble(
  live: ConfigStore,
): Promise<Awaited<ReturnType<typeof readCurrent>> | Unreadable> {
  try {
    return await readCurrent(live);
  } catch (error) {
    return { kind: "trouble", trouble: refusalOrThrow(error) };
  }
}

async function statusOf(
  live: ConfigStore,
  freezes: Freezes,
  applies: Applies,
  machines: BrowseOptions["machines"],
): Promise<ConfigStatus> {
  const read = await readOrTrouble(live);
  return {
    fileName: live.config.fileName,
    last: live.newest,
    changedOnDiskAt: read.kind === "live" ? changedOnDiskAt(read.version) : undefined,
    missing: read.kind === "missing",
    trouble: read.kind === "trouble" ? read.trouble : undefined,
    savedBy: live.holder?.name,
    service: applies.state(live),
    spread:
      machines === undefined || live.newest === undefined
        ? undefined
        : spreadOf(machines.all, live.config.id, live.newest.revision, Date.now()),
    freeze: freezes.of(live.config.id),
  };
}
