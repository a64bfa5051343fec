// The local disk keeps what every store promises.
import { storeContract } from "../contract.ts";
import { openFixture } from "./config-fixture.ts";

storeContract("the local disk", async () => {
  let fixture = await openFixture({});
  return {
    config: fixture.live,
    async reopen() {
      fixture = await fixture.reopen();
      return fixture.live;
    },
  };
});
