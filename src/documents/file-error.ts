import { lookUp } from '../text/look-up.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  EEXIST: 'file exists',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  EMFILE: 'too many open files',
  EIO: 'input/output error',
  ETIMEDOUT: 'nothing comes through the pipe',
  EFBIG: 'file too large',
  // Our own: a file that is read again and again cannot be one.
  EISPIPE: 'is a pipe',
  ENXIO: 'no such device or address',
};

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? 'unknown error';
}

/** True if the file or a folder on the way to it does not exist. */
export function isMissing(cause: unknown): boolean {
  return codeOf(cause) === 'ENOENT';
}

/** A failed file operation in Go's words: `open /x: permission denied`. */
export function describeFileError(cause: unknown, file: string, operation = 'open'): string {
  const code = codeOf(cause);
  return `${code === 'EISDIR' ? 'read' : operation} ${file}: ${lookUp(REASONS, code) ?? code}`;
}
