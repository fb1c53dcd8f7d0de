import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { lazyOut, linesOf } from '../../src/process/streams.ts';

async function lines(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  return Array.fromAsync(linesOf(Readable.from(chunks)));
}

describe('linesOf', () => {
  it('gives lines wherever chunks end', async () => {
    assert.deepEqual(await lines('a\nb', 'c\n', '\nd'), ['a', 'bc', '', 'd']);
    assert.deepEqual(await lines(), []);
  });

  it('joins characters that are cut', async () => {
    const bytes = Buffer.from('é\n😀');
    assert.deepEqual(await lines(bytes.subarray(0, 1), bytes.subarray(1, 5), bytes.subarray(5)), ['é', '😀']);
  });

  it('holds no line whole that does not end', async () => {
    let longest = 0;
    let total = 0;
    const megabyte = 'x'.repeat(1024 * 1024);
    for await (const line of linesOf(Readable.from(Array.from({ length: 50 }, () => megabyte)))) {
      longest = Math.max(longest, line.length);
      total += line.length;
    }
    assert.equal(total, 50 * megabyte.length);
    assert.ok(longest <= 5 * megabyte.length, `${longest}`);
  });

  it('reads a log of 100 MB with a heap of 48 MB', async function () {
    this.timeout(120_000);
    const refusal = 'Error creating: pods "x" is forbidden: exceeded quota: team, requested: pods=1\n';
    const chunk = Buffer.from(`${'I1129 all is well with the reconciler of everything\n'.repeat(1200)}${refusal}`);
    const count = Math.ceil((100 * 1024 * 1024) / chunk.length);
    const log = function* (): Generator<Buffer> {
      for (let at = 0; at < count; at++) yield chunk;
    };
    const child = spawn(process.execPath, ['--max-old-space-size=48', 'src/main.ts', 'rbac', 'explain', '-'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [stdout] = await Promise.all([child.stdout.toArray(), pipeline(Readable.from(log()), child.stdin)]);
    assert.match(stdout.join(''), new RegExp(`^not RBAC: quota \\(${count} times\\)`));
  });
});

describe('lazyOut', () => {
  /** What is written of a text to a reader that takes all of it or goes after the first piece. */
  async function written(text: string, { isTTY = false, goes = false }): Promise<readonly string[]> {
    const pieces: string[] = [];
    const write = (chunk: Buffer, _: unknown, done: () => void) => {
      if (chunk.length > 0) pieces.push(chunk.toString());
      done();
    };
    const stream = Object.assign(new Writable({ write }), { isTTY }) as unknown as NodeJS.WriteStream;
    let isOver = false;
    const letGo = async () => {
      isOver = goes;
    };
    const fd = openSync(devNull, 'w');
    try {
      const out = lazyOut({ fd, open: () => stream, onError: assert.fail, isOver: () => isOver, letGo });
      await out.writeBeforePause(text);
    } finally {
      closeSync(fd);
    }
    return pieces;
  }

  it('keeps the last line until a reader of the lines before had the time to go', async () => {
    assert.deepEqual(await written('a\nb\nc\n', {}), ['a\nb\n', 'c\n']);
    assert.deepEqual(await written('a\nb\nc\n', { goes: true }), ['a\nb\n']);
    assert.deepEqual(await written('a\nb', {}), ['a\n', 'b']);
  });

  it('knows no width of a terminal that says it has none', () => {
    const fd = openSync(devNull, 'w');
    try {
      for (const [columns, known] of [[0, undefined] as const, [80, 80] as const]) {
        const open = () => Object.assign(new Writable(), { isTTY: true, columns }) as unknown as NodeJS.WriteStream;
        assert.equal(lazyOut({ fd, open, onError: assert.fail, isOver: () => false }).columns, known);
      }
    } finally {
      closeSync(fd);
    }
  });

  it('writes a line alone, and what goes to a terminal, at once', async () => {
    for (const text of ['', 'a', 'a\n']) assert.deepEqual(await written(text, { goes: true }), text === '' ? [] : [text]);
    assert.deepEqual(await written('a\nb\n', { isTTY: true, goes: true }), ['a\nb\n']);
  });
});
