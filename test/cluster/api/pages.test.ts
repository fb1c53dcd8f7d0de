import assert from 'node:assert/strict';
import { allPages, type Page, type PageQuery } from '../../../src/cluster/api/pages.ts';
import { ClusterError } from '../../../src/errors.ts';

/** A page whose size matters only if it is given. */
type Scripted = Omit<Page<string>, 'bytes'> & { readonly bytes?: number };

/** Answers from a script, and notes what was asked. */
function scripted(...script: readonly (Scripted | Error)[]) {
  const queries: PageQuery[] = [];
  const fetchPage = async (query: PageQuery): Promise<Page<string>> => {
    const next = script[queries.length];
    queries.push(query);
    if (next === undefined || next instanceof Error) throw next ?? new Error('asked for more than the script has');
    return { bytes: 10, ...next };
  };
  return { queries, fetchPage };
}

const expired = new ClusterError('Expired', 'The provided continue parameter is too old', { code: 410 });
const busy = new ClusterError('ServiceUnavailable', 'busy', { code: 503 });

describe('allPages', () => {
  it('asks once for a short list', async () => {
    const { queries, fetchPage } = scripted({ items: ['a'], next: '' });
    assert.deepEqual(await allPages(500, fetchPage), { items: ['a'] });
    assert.deepEqual(queries, [{ limit: '500' }]);
  });

  it('continues to the end', async () => {
    const { queries, fetchPage } = scripted({ items: ['a'], next: 't1' }, { items: [], next: 't2' }, { items: ['b', 'c'], next: '' });
    assert.deepEqual(await allPages(2, fetchPage), { items: ['a', 'b', 'c'] });
    assert.deepEqual(queries, [{ limit: '2' }, { limit: '2', continue: 't1' }, { limit: '2', continue: 't2' }]);
  });

  it('ends before a list takes all memory', async () => {
    const whole = { items: Array.from({ length: 1_000_000 }, () => 'a'), next: 't1' };
    const { items, failure } = await allPages(500, scripted(whole, { items: ['b'], next: 't2' }).fetchPage);
    assert.equal(items.length, 1_000_000);
    assert.deepEqual([failure?.reason, failure?.message], ['UnexpectedResponse', 'the list has more than 1000000 items']);
  });

  it('ends before answers of few items take all memory', async () => {
    const large = (next: string) => ({ items: [next], next, bytes: 100 * 1024 * 1024 });
    const { items, failure } = await allPages(1, scripted(large('t1'), large('t2'), large('t3')).fetchPage);
    assert.deepEqual([items, failure?.message], [['t1', 't2'], 'the list is larger than 268435456 bytes']);
  });

  it('does not take for all what goes on where all was asked for', async () => {
    const { items, failure } = await allPages(1, scripted({ items: ['a'], next: 't1' }, expired, { items: ['A'], next: 't2' }).fetchPage);
    assert.deepEqual([items, failure?.message], [['A'], 'the server gave a part of the list where it was asked for all of it']);
  });

  it('asks for all at once with 0', async () => {
    const { queries, fetchPage } = scripted({ items: ['a'], next: '' });
    await allPages(0, fetchPage);
    assert.deepEqual(queries, [{}]);
  });

  it('rejects if the first page fails, expired or not', async () => {
    await assert.rejects(allPages(1, scripted(busy).fetchPage), busy);
    await assert.rejects(allPages(1, scripted(expired).fetchPage), expired);
  });

  it('keeps what came before a later page failed', async () => {
    assert.deepEqual(await allPages(1, scripted({ items: ['a'], next: 't1' }, busy).fetchPage), { items: ['a'], failure: busy });
  });

  it('starts again without a limit when the continuation has expired', async () => {
    const { queries, fetchPage } = scripted({ items: ['a'], next: 't1' }, expired, { items: ['A', 'b'], next: '' });
    assert.deepEqual(await allPages(1, fetchPage), { items: ['A', 'b'] });
    assert.deepEqual(queries, [{ limit: '1' }, { limit: '1', continue: 't1' }, {}]);
  });

  it('does so once only', async () => {
    const failed = await allPages(1, scripted({ items: ['a'], next: 't1' }, expired, busy).fetchPage);
    assert.deepEqual(failed, { items: ['a'], failure: busy });
  });

  it('takes another 410 as a failure', async () => {
    const gone = new ClusterError('Gone', 'gone', { code: 410 });
    assert.deepEqual(await allPages(1, scripted({ items: ['a'], next: 't1' }, gone).fetchPage), { items: ['a'], failure: gone });
  });

  it('stops where the server does not go on', async () => {
    const { items, failure } = await allPages(1, scripted({ items: ['a'], next: 't1' }, { items: ['b'], next: 't1' }).fetchPage);
    assert.deepEqual([items, failure?.message], [['a'], 'the list does not go on: the server gave the same continue token twice']);
  });

  it('stops after 10,000 pages', async () => {
    let page = 0;
    const { items, failure } = await allPages(1, async () => {
      page++;
      return { items: [page], next: `t${page}`, bytes: 1 };
    });
    assert.deepEqual([items.length, failure?.message], [10_000, 'the list does not end after 10000 pages']);
  });

  it('passes an interrupt and a bug on, whatever has arrived', async () => {
    for (const error of [new ClusterError('Interrupted', 'interrupted'), new TypeError('bug')]) {
      await assert.rejects(allPages(1, scripted({ items: ['a'], next: 't1' }, error).fetchPage), error);
    }
  });
});
