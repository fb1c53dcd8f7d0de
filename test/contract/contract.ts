import { discoveryCases } from './discovery-cases.ts';
import { getCases } from './get-cases.ts';
import { listCases } from './list-cases.ts';
import { reviewCases } from './review-cases.ts';
import type { ContractServer } from './servers.ts';

/** The same cases, whatever answers them. */
export function contract(start: () => Promise<ContractServer>): void {
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
