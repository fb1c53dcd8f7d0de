import { discoveryCases } from './discovery-cases.ts';
import { getCases } from './get-cases.ts';
import { listCases } from './list-cases.ts';
import { logCases, logRefusalCases } from './log-cases.ts';
import { reviewCases } from './review-cases.ts';
import type { ContractServer } from './servers.ts';
import { watchCases } from './watch-cases.ts';

/** The same cases, whatever answers them. */
export function contract(start: () => Promise<ContractServer>): void {
  const started = startedOnce(start);
  describe('list', () => listCases(started));
  describe('watch', () => watchCases(started));
  describe('get', () => getCases(started));
  describe('logs', () => logRefusalCases(started));
  describe('reviews', () => reviewCases(started));
  describe('discovery', () => discoveryCases(started));
}

/** Cases of a server that runs Pods, or does as if. */
export function podContract(start: () => Promise<ContractServer>): void {
  const started = startedOnce(start);
  describe('logs of Pods', () => logCases(started));
}

function startedOnce(start: () => Promise<ContractServer>): () => ContractServer {
  let server: ContractServer | undefined;
  before(async () => {
    server = await start();
  });
  after(() => server?.close());
  return () => {
    if (server === undefined) throw new Error('the server is there from the first hook on, not while tests are defined');
    return server;
  };
}
