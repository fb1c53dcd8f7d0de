import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { doctorOptions } from '../../../src/commands/doctor/doctor.command.ts';
import { CODES, catalogueEntry, isCode } from '../../../src/domain/doctor/catalogue/catalogue.ts';
import { SERVICE_CHECKS } from '../../../src/domain/doctor/diagnose.ts';

describe('the catalogue of findings', () => {
  const RUNTIME_FINDINGS = readFileSync(new URL('../../../src/domain/kserve/runtime-findings.ts', import.meta.url), 'utf8');
  const folder = new URL('../../../src/domain/doctor/', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('catalogue'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .concat(RUNTIME_FINDINGS, readFileSync(new URL('../../../src/commands/runtimes/match/ci-report.ts', import.meta.url), 'utf8'))
    .join('\n');

  it('has kebab-case codes, each with sentences that say why and how to fix it', () => {
    for (const code of CODES) {
      const { title, why, fix } = catalogueEntry(code);
      assert.match(code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
      assert.doesNotMatch(title, /\.$/, code);
      // A command at the end is pasted: no full stop follows it.
      for (const text of [why, fix]) assert.match(text, /^[\p{Lu}`'a-z].*(?:\.|: kubectl (?:(?!\.).)*[^.])$/su, code);
    }
  });

  it('names only flags that doctor has', () => {
    const texts = CODES.flatMap((code) => [catalogueEntry(code).why, catalogueEntry(code).fix]);
    const flags = texts.flatMap((text) => [...text.matchAll(/\bdoctor [^.;,`]*?--([a-z-]+)/g)].map(([, flag]) => flag ?? ''));
    assert.ok(flags.length > 0);
    for (const flag of flags) assert.ok(flag in doctorOptions, flag);
  });

  it('has no code that nothing finds', () => {
    for (const code of CODES) assert.ok(sources.includes(`'${code}'`), code);
  });

  it('covers every code that a check declares', () => {
    for (const { codes } of SERVICE_CHECKS) for (const code of codes) assert.ok(CODES.includes(code), code);
  });

  it('explains every finding of runtimes describe, with its severity', () => {
    const found = [...RUNTIME_FINDINGS.matchAll(/finding\(runtime, '([a-z-]+)', '(\w+)'/g)];
    assert.ok(found.length >= 7);
    for (const [, code = '', severity] of found) {
      assert.ok(isCode(code), code);
      assert.equal(catalogueEntry(code).severity, severity, code);
    }
  });

  it('is documented section by section', () => {
    const page = readFileSync(new URL('../../../docs/findings.md', import.meta.url), 'utf8');
    for (const code of CODES) assert.ok(page.includes(`\n## ${code}\n`), code);
  });
});
