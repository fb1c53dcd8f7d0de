// The part of macOS's code signatures that can be checked anywhere: https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h
import { createHash } from 'node:crypto';

const MH_MAGIC_64 = 0xfeedfacf;
export const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const CSMAGIC_EMBEDDED_SIGNATURE = 0xfade0cc0;
const CSMAGIC_CODEDIRECTORY = 0xfade0c02;
const CS_ADHOC = 0x2;
const CS_HASHTYPE_SHA256 = 2;
const HASH_SIZE = 32;
/** dyld refuses a signature that begins elsewhere than at a multiple of 8; codesign takes 16. */
const ALIGNMENT = 16;

/** Throws unless `file` is a program of 64 bits, signed ad hoc as `identity`, and the hash of every page of it is right. */
export function checkSignature(file: Buffer, identity: string): void {
  const { offset, size } = signaturePlace(file);
  const directory = codeDirectory(file.subarray(offset, offset + size));
  const { flags, hashes, identifier, slots, limit, hashSize, hashType, pageSize } = readDirectory(directory);
  check(identifier === identity, `is signed as ${JSON.stringify(identifier)}, not as ${identity}`);
  check((flags & CS_ADHOC) !== 0, 'is not signed ad hoc');
  check(hashType === CS_HASHTYPE_SHA256 && hashSize === HASH_SIZE, 'is signed with other hashes than SHA-256');
  check(limit === offset, `is signed up to ${limit}, but the signature begins at ${offset}`);
  check(slots === Math.ceil(limit / pageSize), `has ${slots} hashes for ${Math.ceil(limit / pageSize)} pages`);
  for (let page = 0; page < slots; page += 1) {
    const bytes = file.subarray(page * pageSize, Math.min((page + 1) * pageSize, limit));
    const expected = directory.subarray(hashes + page * HASH_SIZE, hashes + (page + 1) * HASH_SIZE);
    check(createHash('sha256').update(bytes).digest().equals(expected), `was changed after it was signed, in page ${page}`);
  }
}

/** Appends zeros to a program without a signature, so that one behind its last segment begins where dyld wants it. */
export function alignEnd(file: Buffer): Buffer {
  check(file.readUInt32LE(0) === MH_MAGIC_64, 'is not a 64-bit Mach-O file');
  const missing = (ALIGNMENT - (file.length % ALIGNMENT)) % ALIGNMENT;
  const aligned = Buffer.concat([file, Buffer.alloc(missing)]);
  const { at, fileSize } = segmentAt(file, file.length);
  aligned.writeBigUInt64LE(BigInt(fileSize + missing), at + 48);
  return aligned;
}

/** The segment that ends at an offset of the file: where its load command is, and how many bytes it has. */
export function segmentAt(file: Buffer, end: number): { readonly at: number; readonly fileSize: number } {
  for (const { kind, at } of loadCommands(file)) {
    const fileSize = kind === LC_SEGMENT_64 ? Number(file.readBigUInt64LE(at + 48)) : 0;
    if (fileSize > 0 && Number(file.readBigUInt64LE(at + 40)) + fileSize === end) return { at, fileSize };
  }
  throw new Error('the program has something behind its last segment');
}

export function loadCommands(file: Buffer): readonly { readonly kind: number; readonly at: number }[] {
  let at = 32;
  return Array.from({ length: file.readUInt32LE(16) }, () => {
    const command = { kind: file.readUInt32LE(at), at };
    at += file.readUInt32LE(at + 4);
    return command;
  });
}

/** Where the load commands say that the signature is: at the end of the last segment, aligned as dyld wants it. */
function signaturePlace(file: Buffer): { readonly offset: number; readonly size: number } {
  check(file.readUInt32LE(0) === MH_MAGIC_64, 'is not a 64-bit Mach-O file');
  let place: { offset: number; size: number } | undefined;
  let end = 0;
  for (const { kind, at } of loadCommands(file)) {
    if (kind === LC_CODE_SIGNATURE) place = { offset: file.readUInt32LE(at + 8), size: file.readUInt32LE(at + 12) };
    if (kind === LC_SEGMENT_64) end = Math.max(end, Number(file.readBigUInt64LE(at + 40) + file.readBigUInt64LE(at + 48)));
  }
  if (place === undefined) throw new Error('the program is not signed');
  check(place.offset % ALIGNMENT === 0, `has its signature at ${place.offset}, which is no multiple of ${ALIGNMENT}`);
  check(place.offset + place.size === end && end === file.length, 'has its signature elsewhere than at its end');
  return place;
}

/** The first code directory of a signature. */
function codeDirectory(signature: Buffer): Buffer {
  check(signature.readUInt32BE(0) === CSMAGIC_EMBEDDED_SIGNATURE, 'has no embedded signature');
  for (let index = 0; index < signature.readUInt32BE(8); index += 1) {
    const blob = signature.subarray(signature.readUInt32BE(16 + index * 8));
    if (blob.readUInt32BE(0) === CSMAGIC_CODEDIRECTORY) return blob.subarray(0, blob.readUInt32BE(4));
  }
  throw new Error('the signature of the program has no code directory');
}

function readDirectory(directory: Buffer) {
  const name = directory.readUInt32BE(20);
  return {
    flags: directory.readUInt32BE(12),
    hashes: directory.readUInt32BE(16),
    identifier: directory.toString('utf8', name, directory.indexOf(0, name)),
    slots: directory.readUInt32BE(28),
    limit: directory.readUInt32BE(32),
    hashSize: directory.readUInt8(36),
    hashType: directory.readUInt8(37),
    pageSize: 2 ** directory.readUInt8(39),
  };
}

function check(isRight: boolean, fault: string): void {
  if (!isRight) throw new Error(`the program ${fault}`);
}
