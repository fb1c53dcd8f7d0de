import { contract } from './contract.ts';
import { embeddedServer, fakeServer } from './servers.ts';

describe('contract of FakeCluster', () => contract(fakeServer));
describe('contract of the embedded API server', () => contract(embeddedServer));
