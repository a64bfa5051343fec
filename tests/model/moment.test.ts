import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { isTimeZone, readEnd, readMoment } from "../../src/model/moment.ts";

/** `past` and `too_far` are of no interest here: a moment is read from the day before. */
function read(text: string, zone = "UTC"): string {
  const nowMs = Date.parse(`${text.slice(0, 10)}T00:00Z`) - 2 * 86_400_000;
  const reading = readMoment(text, zone, nowMs);
  switch (reading.kind) {
    case "at":
      return new Date(reading.ms).toISOString();
    case "twice":
      return `twice: ${reading.forms.join(", ")}`;
    default:
      return reading.kind;
  }
}

describe("a local time is the instant at which the zone's clock shows it", () => {
  for (const [zone, text, instant] of [
    ["UTC", "2026-12-01T00:00", "2026-12-01T00:00:00.000Z"],
    ["UTC", "2026-12-01T00:00:59", "2026-12-01T00:00:59.000Z"],
    ["UTC", "2028-02-29T23:59", "2028-02-29T23:59:00.000Z"],
    // Summer time ends at 01:00 UTC, and begins at 01:00 UTC.
    ["Europe/Berlin", "2026-12-01T00:00", "2026-11-30T23:00:00.000Z"],
    ["Europe/Berlin", "2026-07-01T00:00", "2026-06-30T22:00:00.000Z"],
    ["Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59.000Z"],
    ["Europe/Berlin", "2026-10-25T02:00", "twice: 2026-10-25T02:00+02:00, 2026-10-25T02:00+01:00"],
    [
      "Europe/Berlin",
      "2026-10-25T02:59:59",
      "twice: 2026-10-25T02:59:59+02:00, 2026-10-25T02:59:59+01:00",
    ],
    ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59.000Z"],
    ["Europe/Berlin", "2026-03-29T02:00", "never"],
    ["Europe/Berlin", "2026-03-29T02:59:59", "never"],
    ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z"],
    // At 02:00 of the local time, both ways.
    ["America/New_York", "2026-11-01T00:59:59", "2026-11-01T04:59:59.000Z"],
    [
      "America/New_York",
      "2026-11-01T01:30",
      "twice: 2026-11-01T01:30-04:00, 2026-11-01T01:30-05:00",
    ],
    ["America/New_York", "2026-11-01T02:00", "2026-11-01T07:00:00.000Z"],
    ["America/New_York", "2026-03-08T02:30", "never"],
    ["America/New_York", "2026-03-08T03:00", "2026-03-08T07:00:00.000Z"],
    // Half an hour.
    ["Australia/Lord_Howe", "2026-04-05T01:29:59", "2026-04-04T14:29:59.000Z"],
    [
      "Australia/Lord_Howe",
      "2026-04-05T01:30",
      "twice: 2026-04-05T01:30+11:00, 2026-04-05T01:30+10:30",
    ],
    [
      "Australia/Lord_Howe",
      "2026-04-05T01:59:59",
      "twice: 2026-04-05T01:59:59+11:00, 2026-04-05T01:59:59+10:30",
    ],
    ["Australia/Lord_Howe", "2026-04-05T02:00", "2026-04-04T15:30:00.000Z"],
    ["Australia/Lord_Howe", "2026-10-04T02:00", "never"],
    ["Australia/Lord_Howe", "2026-10-04T02:29:59", "never"],
    ["Australia/Lord_Howe", "2026-10-04T02:30", "2026-10-03T15:30:00.000Z"],
    // Samoa went over the date line: 30 December 2011 was never there.
    ["Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59.000Z"],
    ["Pacific/Apia", "2011-12-30T00:00", "never"],
    ["Pacific/Apia", "2011-12-30T12:00", "never"],
    ["Pacific/Apia", "2011-12-30T23:59:59", "never"],
    ["Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00:00.000Z"],
    ["Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00:00.000Z"],
    ["Asia/Kathmandu", "2026-01-01T00:00", "2025-12-31T18:15:00.000Z"],
    ["Pacific/Pago_Pago", "2026-01-01T00:00", "2026-01-01T11:00:00.000Z"],
    // Ireland's winter time is the one that is set apart.
    ["Europe/Dublin", "2026-10-25T01:30", "twice: 2026-10-25T01:30+01:00, 2026-10-25T01:30+00:00"],
    [
      "Africa/Casablanca",
      "2026-02-15T02:30",
      "twice: 2026-02-15T02:30+01:00, 2026-02-15T02:30+00:00",
    ],
  ] as const) {
    test(`${text} in ${zone}`, () => {
      expect(read(text, zone)).toBe(instant);
    });
  }
});

describe("an offset says which instant is meant, whatever the zone", () => {
  for (const [text, instant] of [
    ["2026-10-25T02:30+02:00", "2026-10-25T00:30:00.000Z"],
    ["2026-10-25T02:30+01:00", "2026-10-25T01:30:00.000Z"],
    ["2026-03-29T02:30+01:00", "2026-03-29T01:30:00.000Z"],
    ["2026-12-01T00:00Z", "2026-12-01T00:00:00.000Z"],
    ["2026-12-01T00:00:01-0330", "2026-12-01T03:30:01.000Z"],
    ["2026-12-01T00:00+03", "2026-11-30T21:00:00.000Z"],
    ["2026-12-01T00:00+14:00", "2026-11-30T10:00:00.000Z"],
  ] as const) {
    test(text, () => {
      expect(read(text, "Europe/Berlin")).toBe(instant);
    });
  }
});

describe("what is no moment is none", () => {
  for (const text of [
    "",
    "soon",
    "2026-12-01",
    "00:00",
    "2026-12-01 00:00",
    "2026-12-01T00",
    "2026-12-01t00:00",
    "2026-12-01T00:00:00.5",
    "26-12-01T00:00",
    "2026-1-01T00:00",
    "2026-12-01T0:00",
    "2026-13-01T00:00",
    "2026-00-01T00:00",
    "2026-02-30T00:00",
    "2026-02-29T00:00",
    "2026-12-00T00:00",
    "2026-12-01T24:00",
    "2026-12-01T00:60",
    "2026-12-01T00:00:60",
    "2026-12-01T00:00z",
    "2026-12-01T00:00+14:01",
    "2026-12-01T00:00+01:60",
    "2026-12-01T00:00+3",
    "2026-12-01T00:00 Europe/Berlin",
    "2026-12-01T00:00Z ",
    "２026-12-01T00:00",
  ]) {
    test(JSON.stringify(text), () => {
      expect(readMoment(text, "UTC", 0)).toEqual({ kind: "not_moment" });
    });
  }
});

const now = Date.parse("2026-11-24T12:00:00Z");

describe("a moment lies ahead, and not too far", () => {
  for (const [text, kind] of [
    ["2026-11-24T12:00:01", "at"],
    ["2026-11-24T12:00", "past"],
    ["2026-11-24T13:00+01:00", "past"],
    ["0026-11-24T12:00", "past"],
    ["2027-11-25T12:00", "at"],
    ["2027-11-25T12:00:01", "too_far"],
    ["9999-12-31T00:00", "too_far"],
    ["2h", "not_moment"],
  ] as const) {
    test(text, () => {
      expect(readMoment(text, "UTC", now).kind).toBe(kind);
    });
  }
});

describe("an end may be so long from now", () => {
  for (const [text, reading] of [
    ["30s", { kind: "at", ms: now + 30_000 }],
    ["10m", { kind: "at", ms: now + 600_000 }],
    ["2h", { kind: "at", ms: now + 7_200_000 }],
    ["30d", { kind: "at", ms: now + 30 * 86_400_000 }],
    ["31d", { kind: "too_far", daysMax: 30 }],
    ["999999999d", { kind: "too_far", daysMax: 30 }],
    ["0h", { kind: "past" }],
    ["2026-11-24T14:00", { kind: "at", ms: now + 7_200_000 }],
    ["2", { kind: "not_moment" }],
    ["2 h", { kind: "not_moment" }],
    ["-2h", { kind: "not_moment" }],
    ["1.5h", { kind: "not_moment" }],
  ] as const) {
    test(text, () => {
      expect(readEnd(text, "UTC", now)).toEqual(reading);
    });
  }
});

describe("a time zone has a name", () => {
  for (const name of [
    "UTC",
    "Europe/Berlin",
    "America/Argentina/Buenos_Aires",
    "Etc/GMT+3",
    "europe/berlin",
  ]) {
    test(name, () => expect(isTimeZone(name)).toBe(true));
  }
  for (const name of [
    "",
    "Berlin",
    "Europe/Berlinn",
    "+03:00",
    "03:00",
    "../UTC",
    "Europe/Berlin ",
    "x".repeat(100),
  ]) {
    test(JSON.stringify(name), () => expect(isTimeZone(name)).toBe(false));
  }
});

/** As a wall clock writes it; Sweden writes dates as ISO does. */
function shownIn(zone: string, ms: number): string {
  return new Date(ms).toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T");
}

const zones = fc.constantFrom(
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Africa/Casablanca",
  "Asia/Tehran",
  "America/Sao_Paulo",
  "Antarctica/Troll",
  "Pacific/Chatham",
  "UTC",
);

test("whatever a clock shows is read as an instant at which it shows that, and every one of them is found", () => {
  fc.assert(
    fc.property(zones, fc.integer({ min: 2_000_000, max: 70_000_000 }), (zone, quarters) => {
      const ms = quarters * 900_000;
      const shown = shownIn(zone, ms);
      const reading = readMoment(shown, zone, ms - 3_600_000 * 24);
      const found =
        reading.kind === "at"
          ? [reading.ms]
          : reading.kind === "twice"
            ? reading.forms.map((text) => Date.parse(text))
            : [];
      expect(found).toContain(ms);
      expect(new Set(found.map((each) => shownIn(zone, each)))).toEqual(new Set([shown]));
      // It comes again within three hours, or never.
      const around = Array.from({ length: 25 }, (_, index) => ms + (index - 12) * 900_000);
      expect(found).toEqual(around.filter((each) => shownIn(zone, each) === shown));
    }),
    { numRuns: 300 },
  );
});
