import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Target } from './targets.ts';

/** Words that come before the path of a program to start it. */
export type Starter = readonly string[];

const EMULATORS = ['qemu-aarch64', 'qemu-aarch64-static'];

/** What Node links to, where Debian and Ubuntu keep it for other processors. */
const LIBRARIES = '/usr/aarch64-linux-gnu';
/** It comes with the C library. */
const CXX_LIBRARY = join(LIBRARIES, 'lib/libstdc++.so.6');

/** What a machine lacks where `starterFor` finds nothing, and what brings it. */
export const NO_EMULATOR = `programs for linux/arm64 start here only with qemu-aarch64 and ${CXX_LIBRARY} (apt-get install qemu-user libstdc++6-arm64-cross)`;

/** How this machine, which is linux/x64, starts Linux programs of a processor; undefined if it cannot. */
export function starterFor(arch: Target['arch']): Starter | undefined {
  if (arch === 'amd64') return [];
  if (!existsSync(CXX_LIBRARY)) return undefined;
  const places = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => EMULATORS.map((name) => join(folder, name)));
  const emulator = places.find((file) => existsSync(file));
  return emulator === undefined ? undefined : [emulator, '-L', LIBRARIES];
}
