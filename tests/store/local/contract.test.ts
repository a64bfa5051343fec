// The local disk keeps what every store promises.
import { holdingContract, type OpenedStore, storeContract } from "../contract.ts";
import { openFixture } from "./config-fixture.ts";

const open = async (): Promise<OpenedStore> => {
  let fixture = await openFixture({});
  return {
    config: fixture.live,
    async reopen() {
      fixture = await fixture.reopen();
      return fixture.live;
    },
  };
};

storeContract("the local disk", open);
holdingContract("the local disk", open);
