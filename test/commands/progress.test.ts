import assert from 'node:assert/strict';
import { createProgress } from '../../src/commands/progress.ts';
import { fakeCluster } from '../support/fake-cluster.ts';
import { runCli } from '../support/run-cli.ts';

function progress({ isTTY = true, columns = 20, env = {} as Record<string, string>, elsewhere = 'nothing' as 'lines' | 'nothing' }) {
  const texts: string[] = [];
  const out = { write: (text: string) => void texts.push(text), isTTY, columns };
  const streams = { in: {} as never, out, errOut: out };
  return { ...createProgress({ streams, env }, elsewhere), written: () => texts.join('') };
}

const BACK = '\u001b[1A\u001b[2K';

describe('progress', () => {
  it('rewrites one line of a terminal, and leaves nothing of it', () => {
    const { show, clear, written } = progress({});
    for (const text of ['one', 'one', 'two']) show(text);
    clear();
    clear();
    assert.equal(written(), `one\n${BACK}two\n${BACK}`);
  });

  it('is no wider than the terminal, for a line that wraps cannot be taken back', () => {
    const { show, written } = progress({ columns: 10 });
    show('0123456789abcdef');
    assert.equal(written(), '01234567…\n');
  });

  it('is cut after a word, with a sign that there is more', () => {
    for (const [text, line] of [
      ['one two 9', 'one two 9'],
      ['one two nine', 'one two …'],
      ['one twos nine', 'one …'],
      ['one two 9 ', 'one two …'],
    ]) {
      const { show, written } = progress({ columns: 10 });
      show(text ?? '');
      assert.equal(written(), `${line}\n`);
    }
  });

  it('is a line for each change in a log, or nothing, without escapes', () => {
    for (const place of [{ isTTY: false }, { env: { CI: 'true' } }, { env: { TERM: 'dumb' } }]) {
      const lines = progress({ ...place, elsewhere: 'lines' });
      for (const text of ['one', 'one', 'two']) lines.show(text);
      lines.clear();
      assert.equal(lines.written(), 'one\ntwo\n');
      const nothing = progress(place);
      nothing.show('one');
      nothing.clear();
      assert.equal(nothing.written(), '');
    }
  });

  it('tells who waits for rights what is missing and how long, on a terminal only', async () => {
    const waiting = (isTTY: boolean) =>
      runCli({ argv: 'rbac check list servingruntimes -n a --wait 300ms', cluster: fakeCluster({ user: { name: 'ana' } }), isTTY });
    const onTerminal = await waiting(true);
    assert.equal(onTerminal.code, 124);
    assert.equal(onTerminal.stderr.startsWith(`waiting: 1 of 1 denied, 1s left\n${BACK}`), true, onTerminal.stderr);
    assert.equal((await waiting(false)).stderr.includes('waiting:'), false);
  });
});
