import { isAbsolute, resolve } from 'node:path';

import type { Environment } from './files.ts';

/** The working folder; if it has been removed, where it was: relative files are missing then, absolute ones are read. */
export function workingFolder({ PWD = '' }: Environment): string {
  try {
    return resolve();
  } catch {
    return isAbsolute(PWD) ? PWD : '/';
  }
}
