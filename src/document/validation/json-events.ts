// The events of a strict JSON text, as js-yaml would give them: whatever walks over a document then need not know which it was. js-yaml itself would
// want lines indented in a way that JSON does not ask for.
import { CHOMPING_MODE, COLLECTION_STYLE, type Event, EVENT_ID, SCALAR_STYLE } from "js-yaml";
import { createScanner } from "jsonc-parser";
import { depthMax } from "./document-limits.ts";
import { absent, type ParsedEvents } from "./parse-events.ts";

/** @param text - strict JSON, so that its tokens alone tell all */
export function jsonEvents(text: string): ParsedEvents {
  const events: Event[] = [
    { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] },
  ];
  const scanner = createScanner(text, true);
  for (let depth = 0; ;) {
    scanner.scan();
    const start = scanner.getTokenOffset();
    if (start >= text.length) break;
    switch (text[start]) {
      case "{":
      case "[":
        if (depth >= depthMax) return { kind: "too_deep", offset: start };
        depth += 1;
        events.push(collection(text[start] === "{" ? EVENT_ID.MAPPING : EVENT_ID.SEQUENCE, start));
        break;
      case "}":
      case "]":
        depth -= 1;
        events.push({ type: EVENT_ID.POP });
        break;
      case ":":
      case ",":
        break;
      case '"':
        events.push(scalar(start + 1, scanner.getPosition() - 1, SCALAR_STYLE.DOUBLE_QUOTED));
        break;
      default:
        events.push(scalar(start, scanner.getPosition(), SCALAR_STYLE.PLAIN));
    }
  }
  events.push({ type: EVENT_ID.POP });
  return { kind: "events", events };
}

// Each property by its name: a large text has many, and copying objects would take longer than reading it.

function collection(
  type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE,
  start: number,
): Event {
  return {
    type,
    start,
    anchorStart: absent,
    anchorEnd: absent,
    tagStart: absent,
    tagEnd: absent,
    style: COLLECTION_STYLE.FLOW,
  };
}

function scalar(
  valueStart: number,
  valueEnd: number,
  style: typeof SCALAR_STYLE.DOUBLE_QUOTED | typeof SCALAR_STYLE.PLAIN,
): Event {
  return {
    type: EVENT_ID.SCALAR,
    valueStart,
    valueEnd,
    anchorStart: absent,
    anchorEnd: absent,
    tagStart: absent,
    tagEnd: absent,
    style,
    chomping: CHOMPING_MODE.CLIP,
    indent: absent,
    fast: false,
  };
}
