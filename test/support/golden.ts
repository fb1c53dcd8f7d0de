import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliResult } from './run-cli.ts';

const GOLDEN = new URL('../golden/', import.meta.url);

/** Compares what a command wrote with the transcript `test/golden/<name>.txt`; `UPDATE_GOLDEN=1` writes it anew. */
export function assertGolden(name: string, argv: string, result: CliResult): void {
  const file = fileURLToPath(new URL(`${name}.txt`, GOLDEN));
  const text = transcript(argv, result);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  assert.ok(existsSync(file), `${file} is missing: run this test with UPDATE_GOLDEN=1, and read what it wrote`);
  assert.equal(text, readFileSync(file, 'utf8'), `${name}: run with UPDATE_GOLDEN=1 if the change is intended`);
}

function transcript(argv: string, { code, stdout, stderr }: CliResult): string {
  return `$ kubectl kserve ${argv}\n${section('stdout', stdout)}${section('stderr', stderr)}exit: ${code}\n`;
}

function section(title: string, text: string): string {
  if (text === '') return `${title}: nothing\n`;
  return `${title}:\n${text}${text.endsWith('\n') ? '' : '\\ no final line break\n'}`;
}
