// Asks Prometheus for the value of a query at this moment, within limits: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
import { z } from "zod";
import type { GuardReading } from "../model/guard.ts";
import type { Guard } from "../model/rules.ts";
import { askAddress } from "./ask-address.ts";
import { jsonOf } from "../model/json.ts";

const answerMsMax = 5000;

/** Its time, in seconds, and its value. */
const sampleSchema = z.tuple([z.number(), z.string()]);
const answerSchema = z.object({
  status: z.literal("success"),
  data: z.discriminatedUnion("resultType", [
    z.object({
      resultType: z.literal("vector"),
      result: z.array(z.object({ value: sampleSchema })),
    }),
    z.object({ resultType: z.literal("scalar"), result: sampleSchema }),
  ]),
});

/** @returns what is known within 5 s; whatever is no single number is `unknown` */
export async function readGuard(
  { prometheus, query, fails }: Guard,
  signal: AbortSignal,
): Promise<GuardReading> {
  const at = new Date().toISOString();
  const url = new URL(`${prometheus.replace(/\/+$/, "")}/api/v1/query`);
  url.searchParams.set("query", query);
  url.searchParams.set("timeout", `${answerMsMax}ms`);
  const answer = await askAddress(url.href, { timeoutMs: answerMsMax, signal });
  switch (answer.kind) {
    case "too_slow":
      return { kind: "unknown", because: "too_slow" };
    case "unreachable":
    case "sent_away":
    case "stopped":
      return { kind: "unknown", because: "no_answer" };
    case "answered": {
      const { status } = answer;
      const refused = [400, 422].includes(status) ? "refused" : "no_answer";
      const read = status === 200 ? valueIn(answer.text) : refused;
      if (typeof read === "string") return { kind: "unknown", because: read };
      const { value } = read;
      return { kind: holds(fails, numberOf(value)) ? "fails" : "passes", value, at };
    }
    default:
      return answer satisfies never;
  }
}

function valueIn(
  text: string,
): { readonly value: string } | Extract<GuardReading, { readonly kind: "unknown" }>["because"] {
  const answer = answerSchema.safeParse(jsonOf(text)).data;
  if (answer === undefined) return "no_answer";
  const { data } = answer;
  const samples =
    data.resultType === "scalar" ? [data.result] : data.result.map((one) => one.value);
  const [sample] = samples;
  if (sample === undefined) return "no_series";
  if (samples.length > 1) return "several_series";
  const [, value] = sample;
  return Number.isNaN(numberOf(value)) ? "not_a_number" : { value };
}

/** As Prometheus writes numbers: `+Inf`, `-Inf`, `NaN`, `1.5e+06`. */
function numberOf(value: string): number {
  if (/^[+-]?Inf$/.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
  return value.trim() === "" ? Number.NaN : Number(value);
}

function holds({ operator, bound }: Guard["fails"], value: number): boolean {
  switch (operator) {
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case "==":
      return value === bound;
    case "!=":
      return value !== bound;
    default:
      return operator satisfies never;
  }
}
