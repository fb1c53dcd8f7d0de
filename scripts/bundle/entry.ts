import { ExitCode } from '../../src/errors.ts';
import type { Pack } from './packs.ts';

/** Where the entry finds packs: beside it as files, or in a single executable application as assets, some with what V8 `compiled` of them. */
export type Store = { readonly kind: 'files' } | { readonly kind: 'assets'; readonly compiled: readonly string[] };

/** Variable of the environment: `required` makes a program fail where V8 refuses compiled code, instead of compiling once more. */
export const COMPILED_CODE = 'KUBECTL_KSERVE_COMPILED_CODE';

/** Name of the asset with what V8 compiled of a pack. */
export function compiledName(pack: string): string {
  return `${pack}.compiled`;
}

/**
 * CommonJS that starts the program and loads each pack when one of its modules is first asked for. Packs are not in it, because V8
 * looks at all of a file before it runs any, and no start uses more than a part.
 */
export function entryText(packs: readonly Pack[], store: Store): string {
  // As a text it is read faster than as code; the names have no quotes.
  const places = packs.flatMap(({ name, modules }) => modules.map((module) => [module, name] as const));
  return `'use strict';
{
  const packOf = new Map(JSON.parse('${JSON.stringify(places)}'));
  const { Script } = require('node:vm');
  ${store.kind === 'files' ? FROM_FILES : fromAssets(store.compiled)}
  const evaluated = new Map();
  const functionsOf = (pack) => {
    if (!evaluated.has(pack)) evaluated.set(pack, compile(pack).runInThisContext());
    return evaluated.get(pack);
  };
  const loaded = new Map();
  const outer = require;
  const load = (name) => {
    const pack = packOf.get(name);
    if (pack === undefined) return outer(name);
    const known = loaded.get(name);
    if (known) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    functionsOf(pack)[name](module, module.exports, load);
    return module.exports;
  };
  // Node's own code for a crash is 1, which here means "no".
  process.exitCode = ${ExitCode.undetermined};
  try {
    load(${JSON.stringify(packs[0]?.modules[0])});
  } catch (error) {
    process.stderr.write('error: internal error: ' + error.message + '\\n');
  }
}
`;
}

// The text is ASCII: as latin1 it is copied, not decoded.
const FROM_FILES = `const { readFileSync } = require('node:fs');
  const compile = (pack) => new Script(readFileSync(__dirname + '/' + pack, 'latin1'), { filename: pack });`;

/**
 * V8 takes compiled code of the same version, build and flags: https://nodejs.org/api/vm.html#scriptcreatecacheddata. Of the text it compares no
 * more than the length, so both must come from one build: as assets they do.
 */
function fromAssets(compiled: readonly string[]): string {
  const names = compiled.map((pack) => [pack, compiledName(pack)]);
  return `const { getRawAsset } = require('node:sea');
  const asset = (name) => Buffer.from(getRawAsset(name));
  const compiled = new Map(${JSON.stringify(names)});
  const compile = (pack) => {
    const name = compiled.get(pack);
    const script = new Script(asset(pack).toString('latin1'), { filename: pack, cachedData: name && asset(name) });
    if (script.cachedDataRejected && process.env.${COMPILED_CODE} === 'required') throw new Error('V8 refuses ' + name);
    return script;
  };`;
}
