// What strip(1) does to a program, for any CPU and with the same result on every machine: Node's Linux builds carry 16 MB of
// symbols and debug information that nothing reads at run time.

const ELF_64_LITTLE_ENDIAN = '\x7fELF\x02\x01';
const SECTION_HEADER_SIZE = 64;
const SHF_ALLOC = 2n;
const SHT_NOBITS = 8;

interface Section {
  readonly header: Buffer;
  readonly isLoaded: boolean;
  readonly offset: number;
  /** Bytes in the file. */
  readonly size: number;
}

/**
 * Removes every section that is not loaded into memory, from an ELF file whose loaded sections come first, as linkers write them.
 * Layout: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
 */
export function stripElf(file: Buffer): Buffer {
  if (file.toString('latin1', 0, 6) !== ELF_64_LITTLE_ENDIAN) throw new Error('not a 64-bit little-endian ELF file');
  const sections = readSections(file);
  const names = sections[file.readUInt16LE(62)];
  const loaded = sections.filter(({ isLoaded }) => isLoaded);
  const [empty, ...rest] = sections;
  if (names === undefined || empty === undefined || rest.slice(0, loaded.length).some(({ isLoaded }) => !isLoaded)) {
    throw new Error('an ELF file whose loaded sections do not come first cannot be stripped this way');
  }
  const end = Math.max(...loaded.map(({ offset, size }) => offset + size));
  const namesOffset = align(end);
  const headersOffset = align(namesOffset + names.size);
  const headers = [empty, ...loaded, { ...names, header: withOffset(names.header, namesOffset) }].map(({ header }) => header);

  const stripped = Buffer.alloc(headersOffset + headers.length * SECTION_HEADER_SIZE);
  file.copy(stripped, 0, 0, end);
  file.copy(stripped, namesOffset, names.offset, names.offset + names.size);
  Buffer.concat(headers).copy(stripped, headersOffset);
  stripped.writeBigUInt64LE(BigInt(headersOffset), 40);
  stripped.writeUInt16LE(headers.length, 60);
  stripped.writeUInt16LE(headers.length - 1, 62);
  return stripped;
}

function readSections(file: Buffer): readonly Section[] {
  const start = Number(file.readBigUInt64LE(40));
  return Array.from({ length: file.readUInt16LE(60) }, (_, index) => {
    const header = file.subarray(start + index * SECTION_HEADER_SIZE, start + (index + 1) * SECTION_HEADER_SIZE);
    return {
      header,
      isLoaded: (header.readBigUInt64LE(8) & SHF_ALLOC) !== 0n,
      offset: Number(header.readBigUInt64LE(24)),
      size: header.readUInt32LE(4) === SHT_NOBITS ? 0 : Number(header.readBigUInt64LE(32)),
    };
  });
}

function withOffset(header: Buffer, offset: number): Buffer {
  const moved = Buffer.from(header);
  moved.writeBigUInt64LE(BigInt(offset), 24);
  return moved;
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
