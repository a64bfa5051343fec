// A version for services to take.
import { type ConfigId, parseConfigId } from "../../src/model/config-id.ts";

const sha256 = "0123456789abcdef".repeat(4);
export const version = { configId: fees(), filePath: "/srv/fees.yml", revision: 12, sha256 };

function fees(): ConfigId {
  const id = parseConfigId("fees");
  if (id === undefined) throw new Error("fees is an id");
  return id;
}
