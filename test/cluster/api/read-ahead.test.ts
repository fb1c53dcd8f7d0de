import assert from 'node:assert/strict';
import { allPages, type Page, type PageQuery } from '../../../src/cluster/api/pages.ts';
import { likelyNext, readAhead } from '../../../src/cluster/api/read-ahead.ts';
import { ClusterError } from '../../../src/errors.ts';

interface Scripted {
  /** Where the next page starts; absent: this is the last. */
  readonly next?: string;
  /** What is guessed of it, if that is something else. */
  readonly guess?: string | undefined;
  readonly failure?: ClusterError;
}

/** Answers from a script, by where a page starts, and tells what happened by turns. */
function scripted(script: Readonly<Record<string, Scripted>>) {
  const events: string[] = [];
  const fetchPage = readAhead(async (query: PageQuery) => {
    const start = query.continue ?? 'start';
    events.push(`ask ${start}`);
    const { next = '', failure, ...page } = script[start] ?? { failure: new ClusterError('BadRequest', `nothing starts at ${start}`) };
    if (failure !== undefined) throw failure;
    const read = (): Page<string> => {
      events.push(`read ${start}`);
      return { items: [start], next, bytes: 10 };
    };
    return { next: 'guess' in page ? page.guess : next || undefined, read };
  });
  return { events, result: allPages(500, fetchPage) };
}

describe('readAhead', () => {
  it('asks for the next page before it reads one, and for no more than that', async () => {
    const { events, result } = scripted({ start: { next: 'a' }, a: { next: 'b' }, b: {} });
    assert.deepEqual(await result, { items: ['start', 'a', 'b'] });
    assert.deepEqual(events, ['ask start', 'ask a', 'read start', 'ask b', 'read a', 'read b']);
  });

  it('asks once a page is read where nothing was seen before', async () => {
    const { events, result } = scripted({ start: { next: 'a', guess: undefined }, a: {} });
    assert.deepEqual(await result, { items: ['start', 'a'] });
    assert.deepEqual(events, ['ask start', 'read start', 'ask a', 'read a']);
  });

  it('drops what a wrong guess brought, an answer or a failure', async () => {
    for (const guess of ['b', 'nowhere']) {
      const { events, result } = scripted({ start: { next: 'a', guess }, a: {}, b: {} });
      assert.deepEqual(await result, { items: ['start', 'a'] });
      assert.deepEqual(events, ['ask start', `ask ${guess}`, 'read start', 'ask a', 'read a']);
    }
    const { result } = scripted({ start: { guess: 'nowhere' } });
    assert.deepEqual(await result, { items: ['start'] });
  });

  it('tells of a page that failed while another was read', async () => {
    const failure = new ClusterError('ServiceUnavailable', 'busy', { code: 503 });
    assert.deepEqual(await scripted({ start: { next: 'a' }, a: { failure } }).result, { items: ['start'], failure });
  });
});

describe('likelyNext', () => {
  const item = { metadata: { name: 'x'.repeat(3000) } };
  const cases: Readonly<Record<string, readonly [unknown, string | undefined]>> = {
    'first, as for built-in kinds': [{ kind: 'PodList', metadata: { continue: 'eyJ2Ijoi_-0=' }, items: [item] }, 'eyJ2Ijoi_-0='],
    'last, as for custom resources': [{ items: [item], kind: 'XList', metadata: { continue: 'abc', remainingItemCount: 1 } }, 'abc'],
    'in a short list': [{ metadata: { continue: 'abc' }, items: [] }, 'abc'],
    'not at the end of a list': [{ metadata: { continue: '' }, items: [item] }, undefined],
    'not where there is none': [{ metadata: {}, items: [item] }, undefined],
    'not amid objects': [{ items: [item, { metadata: { continue: 'no' } }, item], metadata: {} }, undefined],
  };
  for (const [name, [list, next]] of Object.entries(cases)) {
    it(`sees where a list goes on: ${name}`, () => assert.equal(likelyNext(Buffer.from(JSON.stringify(list))), next));
  }

  it('sees nothing in what is no list', () => {
    for (const body of ['', 'no', '"continue":"', '{"continue":"']) assert.equal(likelyNext(Buffer.from(body)), undefined);
  });
});
