// What is accepted means the same to every reader that counts: held against the readers themselves. DIFFERENTIAL_RUNS asks for more documents,
// DIFFERENTIAL_SEED for those of an earlier run.
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DocumentSyntax } from "../../../src/document/validation/document-syntax.ts";
import { readDocument } from "../../../src/document/validation/read-document.ts";
import { jsonTexts } from "./readers/json-texts.ts";
import {
  missingReaders,
  readersAreMissing,
  type RealReaders,
  startRealReaders,
  told,
} from "./readers/real-readers.ts";
import { differenceOf } from "./readers/same-reading.ts";
import { yamlTexts } from "./readers/yaml-texts.ts";

const documents = Number(process.env["DIFFERENTIAL_RUNS"] ?? 1500);
const seed = Number(process.env["DIFFERENTIAL_SEED"] ?? Date.now() % 2 ** 31);
/** Of what is generated, at least this share is accepted: else little would be compared. */
const acceptedShareMin = 0.25;
const askedAtOnce = 50;
const msPerDocument = 100;

describe.skipIf(readersAreMissing)("what is accepted is read alike by every reader", () => {
  let readers: RealReaders;
  beforeAll(() => {
    expect(missingReaders()).toEqual([]);
    readers = startRealReaders();
  });
  afterAll(() => readers.close());

  /** @returns what readers make of an accepted document that Airlock does not; undefined for one that is refused */
  async function differences(
    text: string,
    syntax: DocumentSyntax,
  ): Promise<readonly string[] | undefined> {
    const { document, total } = await readDocument(Buffer.from(text), syntax);
    if (document === undefined || total > 0) return undefined;
    const readings = await readers.read(text, syntax);
    const value = told(document.value);
    return Object.entries(readings).flatMap(([name, reading]) => {
      const difference = "error" in reading ? reading.error : differenceOf(value, reading.value);
      return difference === undefined ? [] : [`${JSON.stringify(text)} by ${name}: ${difference}`];
    });
  }

  for (const { syntax, texts } of [
    { syntax: "yaml", texts: yamlTexts },
    { syntax: "json", texts: jsonTexts },
  ] as const) {
    test(
      `${documents} generated documents of ${syntax}, seed ${seed}`,
      async () => {
        const samples = fc.sample(texts, { numRuns: documents, seed });
        let accepted = 0;
        const found: string[] = [];
        for (let at = 0; at < samples.length; at += askedAtOnce) {
          const some = samples.slice(at, at + askedAtOnce);
          const told = await Promise.all(some.map((text) => differences(text, syntax)));
          accepted += told.filter((each) => each !== undefined).length;
          found.push(...told.flatMap((each) => each ?? []));
        }
        expect(found).toEqual([]);
        expect(accepted / documents).toBeGreaterThan(acceptedShareMin);
      },
      documents * msPerDocument,
    );
  }

  test("a reader that reads otherwise is noticed", async () => {
    const readings = await readers.read("x: 1.5e6\n", "yaml");
    const values = Object.entries(readings).map(([name, reading]) => [
      name,
      "value" in reading ? differenceOf(told({ x: 1.5e6 }), reading.value) : reading.error,
    ]);
    expect(Object.fromEntries(values)).toMatchObject({
      PyYAML: 'at .x: ["number","1500000"] and ["text","1.5e6"]',
      Psych: 'at .x: ["number","1500000"] and ["text","1.5e6"]',
      "js-yaml": undefined,
    });
  });
});
