// Keeps what V8 compiled while a bundle ran: node --random-seed=1 --import record.ts BUNDLE WORDS..., with the folder in RECORD_TO. To what
// is there already it adds what this run needed more.
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type vm from 'node:vm';
import { compiledName } from '../bundle/entry.ts';

/**
 * What V8 does in other threads or by the clock leaves marks on the code: with these off the same run gives the same bytes. They are on
 * again before the code is kept, because V8 writes down which flags were set, and takes it back only under the same.
 */
const BY_CHANCE = ['sparkplug', 'maglev', 'turbofan', 'flush-bytecode'];

function allowChance(isAllowed: boolean): void {
  for (const flag of BY_CHANCE) setFlagsFromString(`--${isAllowed ? '' : 'no-'}${flag}`);
}

function fileOf(pack: string): string {
  return join(process.env.RECORD_TO ?? '', compiledName(pack));
}

allowChance(false);

/** Milliseconds: the longest that there is. */
const NEVER = 2 ** 31 - 1;

// On a busy machine and in an emulator the program would take the ways of servers that are far or silent.
const { setTimeout: start } = globalThis;
globalThis.setTimeout = Object.assign((task: () => void) => start(task, NEVER).unref(), { __promisify__: start.__promisify__ });

// The objects that the bundle gets too; imports could not be changed.
const require = createRequire(import.meta.url);
const loaded = require('node:vm') as { Script: typeof vm.Script };
const client = require('node:http') as { request: (...words: unknown[]) => ClientRequest };

// Which of two answers comes first is chance, and V8 counts functions as they are compiled: an answer waits until those of earlier requests are read.
const { request } = client;
let last: Promise<unknown> = Promise.resolve();
client.request = (...words) => {
  const made = request(...words);
  const earlier = last;
  last = Promise.all([earlier, once(made, 'close').catch(() => {})]);
  const emit = made.emit.bind(made);
  made.emit = (event: string, ...values: unknown[]) => {
    if (event !== 'response') return emit(event, ...values);
    earlier.then(() => emit(event, ...values));
    return true;
  };
  return made;
};

const scripts = new Map<string, vm.Script>();

loaded.Script = class extends loaded.Script {
  constructor(code: string, options: { filename: string }) {
    const file = fileOf(options.filename);
    allowChance(true);
    super(code, existsSync(file) ? { ...options, cachedData: readFileSync(file) } : options);
    allowChance(false);
    if (this.cachedDataRejected === true) throw new Error(`V8 refuses ${file}`);
    scripts.set(options.filename, this);
  }
};

process.once('exit', () => {
  allowChance(true);
  for (const [pack, script] of scripts) writeFileSync(fileOf(pack), script.createCachedData());
});
