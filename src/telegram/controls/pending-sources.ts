// What waits for somebody, for /pending: approvals, what its author must decide, edits on the server, and changes that go back unless
// somebody presses Keep.
import { mayApprove } from "../../change/gates/approval.ts";
import type { Config } from "../../model/config.ts";
import { buttonLabels } from "../../words/decision-words.ts";
import {
  pendingApproval,
  pendingConfirmation,
  pendingDecision,
  pendingEdit,
  pendingKeep,
} from "../../words/pending-words.ts";
import type { ConfigService } from "../entrance/config-service.ts";
import type { PendingSource } from "./pending.ts";
import { driftChoices } from "../messages/tell-drift.ts";

type Readable = Pick<ConfigService, "lives" | "people">;

/** @returns the config, where this person may read it */
export function readableConfig(
  { lives, people }: Readable,
  userId: number,
  configId: string,
): Config | undefined {
  const config = lives.find((live) => live.config.id === configId)?.config;
  if (config === undefined) return undefined;
  return people.roleOf(userId, config.id) === undefined ? undefined : config;
}

/** For those who may approve with their buttons; its author may withdraw it. */
export function pendingApprovals(
  service: Readable & Pick<ConfigService, "proposals">,
): PendingSource {
  return (userId) =>
    Promise.resolve(
      [...service.proposals.all()].flatMap(([id, { configId, author, approval, reason }]) => {
        const config = readableConfig(service, userId, configId);
        if (config === undefined) return [];
        const asked = { by: approval.by, authorId: author.id };
        const hasAnswered = approval.given.some((each) => each.id === userId);
        const isAsked = !hasAnswered && mayApprove(service.people, config.id, asked, userId);
        const buttons = [
          ...(isAsked
            ? [
                { label: buttonLabels.approve, data: `approve:${id}` },
                { label: buttonLabels.reject, data: `reject:${id}` },
              ]
            : []),
          { label: buttonLabels.showChanges, data: `proposed:${id}` },
          ...(author.id === userId
            ? [{ label: buttonLabels.withdraw, data: `withdraw:${id}` }]
            : []),
        ];
        const missing = approval.needed - approval.given.length;
        const { until } = approval;
        const text = pendingApproval(config.fileName, { author, missing, until, reason });
        return [{ text, buttons }];
      }),
    );
}

/** What its author must decide, who has read all of it where it was asked: only there it can go on. */
export function pendingQuestions(service: Readable & Pick<ConfigService, "parked">): PendingSource {
  return async (userId) =>
    (await service.parked.shownTo(userId)).flatMap(({ id, value }) => {
      const { configId, confirmation, isPreview } = value;
      const config = readableConfig(service, userId, configId);
      if (config === undefined) return [];
      const { showChanges, keepCurrent, discard } = buttonLabels;
      const buttons = [
        { label: showChanges, data: `changes:${id}` },
        isPreview === true
          ? { label: keepCurrent, data: `keep:${id}` }
          : { label: discard, data: `discard:${id}` },
      ];
      const text = confirmation === null ? pendingDecision : pendingConfirmation;
      return [{ text: text(config.fileName), buttons }];
    });
}

/** Edits on the server of which nobody has said whether they stay, for everybody who may write the config. */
export function pendingEdits(service: Readable & Pick<ConfigService, "drifts">): PendingSource {
  return async (userId) => {
    const asked = service.lives.map(async (live) => {
      const { id, fileName } = live.config;
      if (service.people.roleOf(userId, id) !== "write") return [];
      const drift = await service.drifts.asked(live);
      if (drift === undefined) return [];
      return [{ text: pendingEdit(fileName), buttons: driftChoices(id, drift) }];
    });
    return (await Promise.all(asked)).flat();
  };
}

/** For everybody who may write it. */
export function pendingKeeps(service: Readable & Pick<ConfigService, "keeps">): PendingSource {
  return (userId) =>
    Promise.resolve(
      service.lives.flatMap(({ config: { id: configId, fileName } }) => {
        const role = service.people.roleOf(userId, configId);
        const waits = service.keeps.pending(configId);
        if (role === undefined || waits === undefined) return [];
        const { by, until, revision } = waits;
        const buttons =
          role === "write"
            ? [
                { label: buttonLabels.keep, data: `stay:${configId}:${revision}` },
                { label: buttonLabels.revertNow, data: `back:${configId}:${revision}` },
              ]
            : [];
        return [{ text: pendingKeep(fileName, { by, until, revision }), buttons }];
      }),
    );
}
