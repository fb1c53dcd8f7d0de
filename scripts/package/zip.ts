// Writes zip files: https://pkwaredownloads.blob.core.windows.net/pem/APPNOTE.txt
import { gzipParts } from './gzip.ts';

interface ZipEntry {
  readonly name: string;
  readonly mode: number;
  /** The file as gzip made it. */
  readonly gzipped: Buffer;
}

const LOCAL_FILE = 0x04034b50;
const CENTRAL_FILE = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION;
const DEFLATED = 8;
/** The first day that zip knows. */
const DAY = (1 << 5) | 1;
const REGULAR_FILE = 0o100000;

/** A zip file; the same entries give the same bytes. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, mode, gzipped } of entries) {
    const { deflated, crc32, size } = gzipParts(gzipped);
    const common = [u16(VERSION), u16(0), u16(DEFLATED), u16(0), u16(DAY), u32(crc32), u32(deflated.length), u32(size)];
    const lengths = [u16(Buffer.byteLength(name)), u16(0)];
    const file = Buffer.concat([u32(LOCAL_FILE), ...common, ...lengths, Buffer.from(name), deflated]);
    const attributes = [u16(0), u16(0), u16(0), u32(((REGULAR_FILE | mode) << 16) >>> 0), u32(offset)];
    central.push(u32(CENTRAL_FILE), u16(MADE_BY_UNIX), ...common, ...lengths, ...attributes, Buffer.from(name));
    local.push(file);
    offset += file.length;
  }
  const directory = Buffer.concat(central);
  const counts = [u16(0), u16(0), u16(entries.length), u16(entries.length)];
  return Buffer.concat([...local, directory, u32(END), ...counts, u32(directory.length), u32(offset), u16(0)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
