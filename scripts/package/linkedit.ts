// What dyld reads of a macOS program, and what the injection of a segment leaves behind in it. pkg puts its segment before __LINKEDIT and moves that
// along, but neither counts it among the segments with fixups nor keeps tables aligned; dyld of macOS 27 refuses libraries for either.
// https://github.com/apple-oss-distributions/dyld/blob/main/mach_o/Image.cpp, include/mach-o/fixup-chains.h
import { LC_SEGMENT_64, loadCommands, segmentAt } from './mach-o.ts';

const LC_SYMTAB = 0x2;
const LC_DYLD_CHAINED_FIXUPS = 0x80000034;
/** `struct dyld_chained_fixups_header`: seven words, and `starts_offset` is the second. */
const FIXUPS_HEADER_SIZE = 28;
const STARTS_OFFSET = 4;
const ALIGNMENT = 8;

/** Throws unless as many segments have fixups as there are, and the string table is aligned. */
export function checkLinkedit(file: Buffer): void {
  const segments = segmentsOf(file).length;
  const { starts } = fixupsOf(file);
  const counted = file.readUInt32LE(starts);
  if (counted !== segments) throw new Error(`the program counts ${counted} segments in its chained fixups, but has ${segments}`);
  const { offset } = stringTableOf(file);
  if (offset % ALIGNMENT !== 0) throw new Error(`the program has its string table at ${offset}, which is no multiple of ${ALIGNMENT}`);
}

/** A program as pkg made it, without a signature, in a form that passes `checkLinkedit`. */
export function mendLinkedit(file: Buffer): Buffer {
  return alignStringTable(countSegment(file));
}

/**
 * Counts the segment before the last. The list of where a segment's fixups start grows by a word, and there is none free behind it; but the linker
 * leaves one free before it, so that the list begins earlier and ends where it did.
 */
function countSegment(file: Buffer): Buffer {
  const mended = Buffer.from(file);
  const { payload, starts } = fixupsOf(file);
  const segments = segmentsOf(file).length;
  const counted = file.readUInt32LE(starts);
  if (counted === segments) return mended;
  const free = starts - payload - FIXUPS_HEADER_SIZE;
  if (counted !== segments - 1 || free < 4) {
    throw new Error(`the program counts ${counted} of ${segments} segments in its chained fixups, with ${free} bytes free before the list`);
  }
  const begin = starts - 4;
  // Places are counted from the list itself; 0 means that a segment has no fixups.
  const places = Array.from({ length: counted }, (_, index) => file.readUInt32LE(starts + 4 + index * 4)).map((place) =>
    place === 0 ? 0 : place + 4,
  );
  places.splice(counted - 1, 0, 0);
  mended.writeUInt32LE(begin - payload, payload + STARTS_OFFSET);
  for (const [index, word] of [segments, ...places].entries()) mended.writeUInt32LE(word, begin + index * 4);
  return mended;
}

/** Moves the string table, which is the last thing in the file, behind as many zeros as it needs. */
function alignStringTable(file: Buffer): Buffer {
  const { command, offset, size } = stringTableOf(file);
  const missing = (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT;
  if (missing === 0) return file;
  if (offset + size !== file.length) throw new Error('the program has something behind its string table');
  const mended = Buffer.concat([file.subarray(0, offset), Buffer.alloc(missing), file.subarray(offset)]);
  mended.writeUInt32LE(offset + missing, command + 16);
  const { at, fileSize } = segmentAt(file, file.length);
  mended.writeBigUInt64LE(BigInt(fileSize + missing), at + 48);
  return mended;
}

function segmentsOf(file: Buffer) {
  return loadCommands(file).filter(({ kind }) => kind === LC_SEGMENT_64);
}

/** Where the fixups begin, and in them the list of each segment's. */
function fixupsOf(file: Buffer): { readonly payload: number; readonly starts: number } {
  const payload = file.readUInt32LE(commandAt(file, LC_DYLD_CHAINED_FIXUPS) + 8);
  return { payload, starts: payload + file.readUInt32LE(payload + STARTS_OFFSET) };
}

function stringTableOf(file: Buffer): { readonly command: number; readonly offset: number; readonly size: number } {
  const command = commandAt(file, LC_SYMTAB);
  return { command, offset: file.readUInt32LE(command + 16), size: file.readUInt32LE(command + 20) };
}

function commandAt(file: Buffer, wanted: number): number {
  const command = loadCommands(file).find(({ kind }) => kind === wanted);
  if (command === undefined) throw new Error(`the program has no load command 0x${wanted.toString(16)}`);
  return command.at;
}
