// The events of a document that does not parse, as far as `yaml` can make sense of it: so that what else is wrong in it is found by the same walk.
import {
  CHOMPING_MODE,
  COLLECTION_STYLE,
  type Event,
  EVENT_ID,
  SCALAR_STYLE,
  type ScalarStyle,
} from "js-yaml";
import { isAlias, isMap, isScalar, type ParsedNode, type Scalar } from "yaml";
import { depthMax } from "./document-limits.ts";
import { absent } from "./parse-events.ts";

export function recoveredEvents(text: string, root: ParsedNode): readonly Event[] {
  const events: Event[] = [
    { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] },
  ];
  addNode({ text, events }, root, 0);
  events.push({ type: EVENT_ID.POP });
  return events;
}

interface Recovery {
  readonly text: string;
  readonly events: Event[];
}

function addNode(recovery: Recovery, node: ParsedNode | null, depth: number): void {
  const { text, events } = recovery;
  if (node === null) return addScalar(events, noProperties, absent, absent, SCALAR_STYLE.PLAIN);
  const [start, end] = node.range;
  if (isAlias(node)) {
    events.push({ type: EVENT_ID.ALIAS, anchorStart: start + 1, anchorEnd: end });
    return undefined;
  }
  const properties = propertiesOf(text, node);
  if (isScalar(node)) return addScalarNode(events, properties, node);
  // The library runs out of stack far beyond our limit: what is deeper still is left out.
  if (depth > depthMax) return addScalar(events, noProperties, start, start, SCALAR_STYLE.PLAIN);
  const type = isMap(node) ? EVENT_ID.MAPPING : EVENT_ID.SEQUENCE;
  const style = node.flow === true ? COLLECTION_STYLE.FLOW : COLLECTION_STYLE.BLOCK;
  events.push({ type, start, style, ...properties });
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      // A key that is not there is a guess of the library's.
      if (key === null || (isScalar(key) && key.source === "")) continue;
      addNode(recovery, key, depth + 1);
      addNode(recovery, value, depth + 1);
    }
  } else for (const item of node.items) addNode(recovery, item, depth + 1);
  events.push({ type: EVENT_ID.POP });
  return undefined;
}

type Properties = Pick<
  Extract<Event, { readonly style: number }>,
  "anchorStart" | "anchorEnd" | "tagStart" | "tagEnd"
>;

const noProperties: Properties = {
  anchorStart: absent,
  anchorEnd: absent,
  tagStart: absent,
  tagEnd: absent,
};

/** The library tells their names, not their places: the nearest before the node. */
function propertiesOf(
  text: string,
  { anchor, tag, range }: Exclude<ParsedNode, { readonly anchor?: never }>,
): Properties {
  const [anchorSign, tagSign] = ["&", "!"].map((sign) => text.lastIndexOf(sign, range[0]));
  const anchorStart = anchor === undefined || anchorSign === undefined ? absent : anchorSign + 1;
  const tagStart = tag === undefined || tagSign === undefined ? absent : tagSign;
  return {
    anchorStart,
    anchorEnd: anchorStart === absent ? absent : anchorStart + (anchor?.length ?? 0),
    tagStart,
    tagEnd: tagStart === absent ? absent : tagStart + text.slice(tagStart).search(/\s|$/),
  };
}

function addScalarNode(
  events: Event[],
  properties: Properties,
  { type, range, source }: Scalar.Parsed,
): void {
  const [start, end] = range;
  switch (type) {
    case "QUOTE_SINGLE":
    case "QUOTE_DOUBLE": {
      const style =
        type === "QUOTE_SINGLE" ? SCALAR_STYLE.SINGLE_QUOTED : SCALAR_STYLE.DOUBLE_QUOTED;
      return addScalar(events, properties, start + 1, Math.max(start + 1, end - 1), style);
    }
    case "BLOCK_FOLDED":
    case "BLOCK_LITERAL":
      // What the block holds is no matter: after a syntax error no schema is asked.
      return addScalar(events, properties, start + 1, end, SCALAR_STYLE.SINGLE_QUOTED);
    default:
      return source === ""
        ? addScalar(events, properties, absent, absent, SCALAR_STYLE.PLAIN)
        : addScalar(events, properties, start, end, SCALAR_STYLE.PLAIN);
  }
}

function addScalar(
  events: Event[],
  properties: Properties,
  valueStart: number,
  valueEnd: number,
  style: ScalarStyle,
): void {
  const chomping = CHOMPING_MODE.CLIP;
  const scalar = { valueStart, valueEnd, style, chomping, indent: absent, fast: false };
  events.push({ type: EVENT_ID.SCALAR, ...scalar, ...properties });
}
