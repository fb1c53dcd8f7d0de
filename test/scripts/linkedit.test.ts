import assert from 'node:assert/strict';
import { checkLinkedit, mendLinkedit } from '../../scripts/package/linkedit.ts';

const SEGMENT_SIZE = 72;
const PAYLOAD = 0x400;
const STRINGS = 'kubectl\0kserve\0';

interface Layout {
  readonly segments: number;
  /** How many of them the fixups count, and where those of each begin. */
  readonly places: readonly number[];
  /** Bytes between the header of the fixups and the list. */
  readonly free: number;
  readonly strings: number;
}

/** A program of no more than what `linkedit.ts` reads; its last segment holds the fixups and the strings. */
function program({ segments, places, free, strings }: Layout): Buffer {
  const file = Buffer.alloc(strings + STRINGS.length);
  file.writeUInt32LE(0xfeedfacf, 0);
  file.writeUInt32LE(segments + 2, 16);
  let at = 32;
  for (let index = 0; index < segments; index += 1) {
    const isLast = index === segments - 1;
    file.writeUInt32LE(0x19, at);
    file.writeUInt32LE(SEGMENT_SIZE, at + 4);
    file.writeBigUInt64LE(BigInt(isLast ? PAYLOAD : 0), at + 40);
    file.writeBigUInt64LE(BigInt(isLast ? file.length - PAYLOAD : 0), at + 48);
    at += SEGMENT_SIZE;
  }
  const commands = [
    [0x2, 24, 0, 0, strings, STRINGS.length],
    [0x80000034, 16, PAYLOAD, strings - PAYLOAD],
  ];
  for (const words of commands) {
    for (const [index, word] of words.entries()) file.writeUInt32LE(word, at + index * 4);
    at += words[1] ?? 0;
  }
  file.writeUInt32LE(28 + free, PAYLOAD + 4);
  for (const [index, word] of [places.length, ...places].entries()) file.writeUInt32LE(word, PAYLOAD + 28 + free + index * 4);
  file.write(STRINGS, strings, 'latin1');
  return file;
}

describe('what an injected segment leaves behind in a macOS program', () => {
  const injected: Layout = { segments: 6, places: [0, 0, 24, 808, 0], free: 4, strings: 0x604 };

  it('is found', () => {
    assert.throws(() => checkLinkedit(program(injected)), { message: 'the program counts 5 segments in its chained fixups, but has 6' });
    const counted = { ...injected, places: [0, 0, 28, 812, 0, 0] };
    assert.throws(() => checkLinkedit(program(counted)), {
      message: 'the program has its string table at 1540, which is no multiple of 8',
    });
    checkLinkedit(program({ ...counted, strings: 0x600 }));
  });

  it('is mended in place: fixups of a segment stay where they were, and strings move to the next multiple of 8', () => {
    const before = program(injected);
    const after = mendLinkedit(before);
    checkLinkedit(after);
    const begin = PAYLOAD + after.readUInt32LE(PAYLOAD + 4);
    const places = Array.from({ length: 6 }, (_, index) => after.readUInt32LE(begin + 4 + index * 4));
    assert.deepEqual(places, [0, 0, 28, 812, 0, 0]);
    assert.equal(begin + 28, PAYLOAD + before.readUInt32LE(PAYLOAD + 4) + 24);
    assert.equal(after.length, before.length + 4);
    assert.equal(after.toString('latin1', 0x608), STRINGS);
    const last = 32 + 5 * SEGMENT_SIZE;
    assert.equal(Number(after.readBigUInt64LE(last + 40) + after.readBigUInt64LE(last + 48)), after.length);
    assert.deepEqual(mendLinkedit(after), after);
  });

  it('is refused where there is no room, or something else is wrong', () => {
    assert.throws(() => mendLinkedit(program({ ...injected, free: 0 })), {
      message: 'the program counts 5 of 6 segments in its chained fixups, with 0 bytes free before the list',
    });
    assert.throws(() => mendLinkedit(program({ ...injected, places: [0, 0, 24, 0] })), { message: /^the program counts 4 of 6 segments/ });
    const longer = Buffer.concat([program(injected), Buffer.from('more')]);
    assert.throws(() => mendLinkedit(longer), { message: 'the program has something behind its string table' });
    const none = program(injected);
    none.writeUInt32LE(0x99, 32 + 6 * SEGMENT_SIZE);
    assert.throws(() => mendLinkedit(none), { message: 'the program has no load command 0x2' });
  });
});
