// The shape of `airlock.yml`, for the parser and, as a JSON Schema, for editors. What its values mean is checked in airlock-file.ts.
import { z } from "zod";
import { everyConfig, roles } from "../model/people.ts";
import { RuleBroken } from "../document/rule-broken.ts";
import { builtInSchemas, keyedRecord } from "../document/schemas.ts";
import { rulesShape } from "./rules-schema.ts";

const titleCharsMax = 64;
export const configsMax = 500;
export const peopleMax = 1000;
const personNameCharsMax = 64;

export const mayPattern = /^(\*|[a-z][a-z0-9_]{0,19})$/;

/** What {@link airlockFileSchema} leaves to the parser, as far as a schema can say it. */
const filePattern = String.raw`^(?!/)(?!(?:.*[/\\])?\.\.(?:[/\\]|$))(?:.*/)?[^./][^/]*\.(?:ya?ml|json)$`;
const schemaForms = [
  { enum: Object.keys(builtInSchemas) },
  { pattern: String.raw`^(?!builtin:).` },
];

const config = z
  .strictObject({
    file: z.string().meta({
      description: "In CONFIG_DIR and nowhere else: a .yml, .yaml or .json file",
      pattern: filePattern,
    }),
    schema: z.string().meta({
      description:
        "What the file may hold: a JSON Schema 2020-12, relative to airlock.yml; or a built-in one",
      anyOf: schemaForms,
    }),
    title: z
      .string()
      .min(1)
      .max(titleCharsMax)
      .meta({ description: "What people call it, in menus" })
      .optional(),
    ...rulesShape,
  })
  .meta({ description: "One config; its key is the id that its commands are named after" });

const person = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(personNameCharsMax)
      .meta({ description: "What they are called in texts and in history" })
      .optional(),
    may: keyedRecord(mayPattern, "not_config_or_all", z.enum(roles))
      .refine((may) => Object.keys(may).length > 0, {
        params: { broken: new RuleBroken({ code: "names_no_config" }) },
      })
      .meta({
        description: `By a config's id, or ${everyConfig} for every config: read or write`,
        minProperties: 1,
      }),
  })
  .meta({
    description: "One person; the key is their numeric Telegram user id, which /whoami tells",
  });

/** The shape of the file. */
export const airlockFileSchema = z.strictObject({
  configs: keyedRecord(/^[a-z][a-z0-9_]{0,19}$/, "not_config_id", config)
    .meta({
      description:
        "What this bot manages; without this section, the configs that come with Airlock",
      maxProperties: configsMax,
    })
    .optional(),
  people: keyedRecord(/^[1-9]\d{0,14}$/, "not_user_id", person)
    .meta({
      description: "Who may do what, beside ADMIN_IDS, who may write everything",
      maxProperties: peopleMax,
    })
    .optional(),
});

/** The published schema of the file, docs/airlock.schema.json. */
export function airlockFileJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: "airlock.yml", ...z.toJSONSchema(airlockFileSchema) };
}
