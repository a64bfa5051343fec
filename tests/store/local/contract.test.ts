// The local disk keeps what every store promises.
import { localConfig } from "../../../src/store/local/local-config.ts";
import { storeContract } from "../contract.ts";
import { type ConfigFixture, openFixture } from "./config-fixture.ts";

const options = { journal: { prepared: () => Promise.resolve() }, backupsMax: 0 };

storeContract("the local disk", async () => {
  let fixture: ConfigFixture = await openFixture({});
  return {
    config: localConfig(fixture.live, options),
    async reopen() {
      fixture = await fixture.reopen();
      return localConfig(fixture.live, options);
    },
  };
});
