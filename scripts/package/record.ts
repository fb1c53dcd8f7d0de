// Keeps what V8 compiled while a bundle ran: node --random-seed=1 --import record.ts BUNDLE WORDS..., with the folder in RECORD_TO. To what
// is there already it adds what this run needed more.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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

// The object that the bundle gets too; an import could not be changed.
const loaded = createRequire(import.meta.url)('node:vm') as { Script: typeof vm.Script };
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
