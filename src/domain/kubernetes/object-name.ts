import { type RbacSubject, serviceAccountUser } from './identity.ts';

const LITERAL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const HASH_LENGTH = 10;
const ENDS_LIKE_HASH = /-[0-9a-f]{10}$/;
const MAXIMUM = 63;
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
// Of the 253 characters of an object name, so that a subject's part fits behind it.
const READABLE_MAXIMUM = 120;
const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** A short hash of a text (FNV-1a, 64 bits cut to ten hexadecimal digits): to tell names apart, not to protect anything. */
export function shortHash(text: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash.toString(16).padStart(16, '0').slice(-HASH_LENGTH);
}

function readable(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAXIMUM - HASH_LENGTH - 1)
    .replace(/^-+|-+$/g, '');
}

/** True if `text` can be the first part of an object's name as it is. */
export function isReadableName(text: string): boolean {
  return text.length <= READABLE_MAXIMUM && OBJECT_NAME.test(text);
}

/** The readable part of `text` and a hash of the whole: a valid object name whatever the text is. */
export function hashedName(text: string, identity: string = text): string {
  return [readable(text), shortHash(identity)].filter((part) => part !== '').join('-');
}

function isLiteral(name: string): boolean {
  return name.length <= MAXIMUM && LITERAL.test(name) && !ENDS_LIKE_HASH.test(name);
}

/**
 * A part of an object name for a subject, different for different subjects: the name itself where that is a DNS label, else
 * what is readable of it and a hash. `group-` marks groups and a dot ServiceAccounts, so users that hold either are hashed.
 */
export function subjectSlug(subject: RbacSubject): string {
  switch (subject.kind) {
    case 'User':
      return isLiteral(subject.name) && !subject.name.startsWith('group-')
        ? subject.name
        : hashedName(subject.name, `User ${subject.name}`);
    case 'Group':
      return isLiteral(subject.name) ? `group-${subject.name}` : hashedName(`group-${subject.name}`, `Group ${subject.name}`);
    case 'ServiceAccount': {
      const slug = `${subject.namespace}.${subject.name}`;
      return slug.length <= 2 * MAXIMUM ? slug : hashedName(slug, serviceAccountUser(subject));
    }
  }
}
