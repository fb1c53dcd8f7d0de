import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pastedReader } from '../../src/domain/rbac/pasted-errors.ts';
import { linesOf } from '../../src/process/streams.ts';

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

  it('reads a log of 100 MB and keeps its one refusal', async function () {
    this.timeout(60_000);
    const denial =
      'E1129 "Failed" err="pods is forbidden: User \\"ana\\" cannot list resource \\"pods\\" in API group \\"\\" in the namespace \\"a\\""\n';
    const chunk = Buffer.from(`${'I1129 all is well with the reconciler of everything\n'.repeat(1200)}${denial}`);
    const count = Math.ceil((100 * 1024 * 1024) / chunk.length);
    const reader = pastedReader();
    const log = function* (): Generator<Buffer> {
      for (let at = 0; at < count; at++) yield chunk;
    };
    for await (const line of linesOf(Readable.from(log()))) reader.line(line);
    const { denials } = reader.end();
    assert.deepEqual(
      denials.map((one) => [one.user, one.count]),
      [['ana', count]],
    );
  });
});
