import { contract, podContract } from './contract.ts';
import { embeddedServer, fakeServer } from './servers.ts';

for (const [name, start] of [
  ['FakeCluster', fakeServer],
  ['the embedded API server', embeddedServer],
] as const) {
  describe(`contract of ${name}`, () => {
    contract(start);
    podContract(start);
  });
}
