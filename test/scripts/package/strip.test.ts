import assert from 'node:assert/strict';
import { stripElf } from '../../../scripts/package/strip.ts';

/** An ELF file with a header, and sections given as [type, flags, bytes]. */
function elf(sections: readonly (readonly [type: number, flags: number, bytes: string])[], nameTable: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01', 'latin1');
  const bodies: Buffer[] = [];
  const headers = [Buffer.alloc(64)];
  let offset = 64;
  for (const [type, flags, bytes] of sections) {
    const section = Buffer.alloc(64);
    section.writeUInt32LE(type, 4);
    section.writeBigUInt64LE(BigInt(flags), 8);
    section.writeBigUInt64LE(BigInt(offset), 24);
    section.writeBigUInt64LE(BigInt(bytes.length), 32);
    headers.push(section);
    bodies.push(Buffer.from(bytes));
    offset += bytes.length;
  }
  header.writeBigUInt64LE(BigInt(offset), 40);
  header.writeUInt16LE(headers.length, 60);
  header.writeUInt16LE(nameTable, 62);
  return Buffer.concat([header, ...bodies, ...headers]);
}

const LOADED = 2;
const PROGBITS = 1;
const SYMTAB = 2;
const STRTAB = 3;

describe('stripElf', () => {
  it('keeps what is loaded and the names, and drops the rest', () => {
    const stripped = stripElf(
      elf(
        [
          [PROGBITS, LOADED, 'textdata'],
          [SYMTAB, 0, 'symbols!'],
          [STRTAB, 0, 'names...'],
        ],
        3,
      ),
    );
    const expected = elf(
      [
        [PROGBITS, LOADED, 'textdata'],
        [STRTAB, 0, 'names...'],
      ],
      2,
    );
    assert.deepEqual(stripped, expected);
    assert.deepEqual(stripElf(stripped), stripped);
  });

  it('refuses what it does not know', () => {
    assert.throws(() => stripElf(Buffer.from('MZ')), { message: 'not a 64-bit little-endian ELF file' });
    const mixed = elf(
      [
        [SYMTAB, 0, 'symbols!'],
        [PROGBITS, LOADED, 'textdata'],
        [STRTAB, 0, 'names...'],
      ],
      3,
    );
    assert.throws(() => stripElf(mixed), { message: 'an ELF file whose loaded sections do not come first cannot be stripped this way' });
  });
});
