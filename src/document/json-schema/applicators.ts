// The keywords that apply other schemas, in the order in which they run: the last two ask what the others looked at.
import type { Applicator } from "./applicator.ts";
import {
  contains,
  listItems,
  objectKeys,
  propertyNames,
  unevaluatedItems,
  unevaluatedProperties,
} from "./inner-value-keywords.ts";
import {
  allOf,
  anyOf,
  conditional,
  dependentSchemas,
  dynamicRef,
  not,
  oneOf,
  ref,
} from "./same-value-keywords.ts";

export const applicators: readonly Applicator[] = [
  ref,
  dynamicRef,
  allOf,
  anyOf,
  oneOf,
  not,
  conditional,
  dependentSchemas,
  objectKeys,
  propertyNames,
  listItems,
  contains,
  unevaluatedProperties,
  unevaluatedItems,
];
