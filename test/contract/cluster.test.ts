import { describeReal } from '../support/describe-real.ts';
import { discoveryCases } from './discovery-cases.ts';
import { getCases } from './get-cases.ts';
import { listCases } from './list-cases.ts';
import { reviewCases } from './review-cases.ts';
import { type ContractServer, embeddedServer, fakeServer, realServer } from './servers.ts';

/** The same cases, whatever answers them. */
function contract(start: () => Promise<ContractServer>): void {
  let server: ContractServer | undefined;
  before(async () => {
    server = await start();
  });
  after(() => server?.close());
  const started = () => {
    if (server === undefined) throw new Error('the server is there from the first hook on, not while tests are defined');
    return server;
  };
  describe('list', () => listCases(started));
  describe('get', () => getCases(started));
  describe('reviews', () => reviewCases(started));
  describe('discovery', () => discoveryCases(started));
}

describe('contract of FakeCluster', () => contract(fakeServer));
describe('contract of the embedded API server', () => contract(embeddedServer));
describeReal('contract of kube-apiserver', (plane) => contract(() => realServer(plane())));
