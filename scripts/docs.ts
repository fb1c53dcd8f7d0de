// Writes docs/commands.md, docs/permissions.md and docs/findings.md from the program's own data, and docs/images from what tests recorded of it;
// with --check fails if they are stale.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CATALOGUE } from '../src/cli/commands.ts';
import { commandsPage } from './docs/commands-page.ts';
import { findingsPage } from './docs/findings-page.ts';
import { permissionsPage } from './docs/permissions-page.ts';
import { pictures } from './docs/pictures.ts';

const pages: readonly (readonly [string, string])[] = [
  ['docs/commands.md', await commandsPage(CATALOGUE)],
  ['docs/permissions.md', permissionsPage(CATALOGUE)],
  ['docs/findings.md', findingsPage()],
  ...pictures(),
];

const { check } = parseArgs({ options: { check: { type: 'boolean' } } }).values;
for (const [name, text] of pages) {
  const file = new URL(`../${name}`, import.meta.url);
  if (!check) {
    await writeFile(file, text);
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    console.error(`${name} is stale: run npm run docs`);
    process.exitCode = 1;
  }
}
