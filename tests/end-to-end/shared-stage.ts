// One bot for several tests: to start one costs as much processor time as a hundred uploads. For tests that do not mind what was done before them, or
// begin with people who know nothing of it.
import { beforeAll } from "vitest";
import type { Person } from "../../sandbox/bot-api/people.ts";
import { feesFile, openStage, type Stage } from "./stage.ts";

type Options = Omit<Parameters<typeof openStage>[0] & object, "afterTest">;

/**
 * For a file or a `describe`.
 * @returns what gives the stage to a test
 */
export function openSharedStage(options: Options = {}): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    const cleanUps: (() => Promise<void>)[] = [];
    stage = await openStage({ ...options, afterTest: (cleanUp) => cleanUps.push(cleanUp) });
    return async () => {
      for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    };
  });
  return () => {
    if (stage === undefined) throw new Error("the stage is open while tests run, and not before");
    return stage;
  };
}

const firstNewId = 2001;
let people = 0;
let peopleMax = 0;

/** @param count - of the people who are to be new in all tests; each of them is told of each change, so no more than that */
export function adminsAnew(count: number): readonly number[] {
  peopleMax = count;
  return Array.from({ length: count }, (_, index) => firstNewId + index);
}

/** @returns the stage with an Anna and a Boris who have asked for nothing and seen nothing, to a bot that was started with {@link adminsAnew} */
export function withNewPeople(stage: Stage): Stage {
  const [anna, boris] = [newPerson(stage, "Anna"), newPerson(stage, "Boris")];
  return { ...stage, anna, boris };
}

/**
 * {@link withNewPeople}, and somebody else has just set fees.yml back.
 * @returns also the number of its live revision
 */
export async function withFeesSetBack(
  shared: Stage,
  text = feesFile(0),
): Promise<Stage & { readonly revision: number }> {
  const clara = newPerson(shared, "Clara");
  clara.upload("fees.yml", text, { caption: "/set_fees" });
  await clara.waitForText(/^(✅|👌)/u);
  const revision = (await shared.airlock.history("fees")).length;
  return { ...withNewPeople(shared), revision };
}

function newPerson({ server }: Stage, firstName: string): Person {
  if (people === peopleMax) throw new Error(`the bot knows no more than ${peopleMax} new people`);
  const id = firstNewId + people;
  people += 1;
  return server.user({ id, firstName });
}
