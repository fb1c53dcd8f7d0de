import { readFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };
import { ExitCode } from '../../src/errors.ts';
import { entryText } from '../bundle/entry.ts';
import type { Pack } from '../bundle/packs.ts';
import { ENTRY } from '../bundle/write-bundle.ts';
import { type Entry, tarGz } from './archive.ts';
import { type ReleaseFile, writeReleaseFile } from './release.ts';
import { OLDEST_NODE } from './targets.ts';

const ROOT = new URL('../..', import.meta.url);
const COMPLETER = 'kubectl_complete-kserve';
const OLDEST_MAJOR = Number.parseInt(OLDEST_NODE.version, 10);

/** @internal Tests install it. Name of the file with the npm package, for systems that no program of a release runs on. */
export const NPM_PACKAGE = `${packageJson.name}-${packageJson.version}.tgz`;

/** Writes the bundle as an npm package without dependencies, with a command for each of the names that kubectl looks for. */
export async function writeNpmPackage(packs: readonly Pack[], notices: string, out: string, level: number): Promise<ReleaseFile> {
  const { name, version, description, license, repository } = packageJson;
  const manifest = {
    name,
    version,
    description,
    license,
    repository,
    keywords: ['kserve', 'kubectl', 'kubectl-plugin', 'kubernetes', 'rbac'],
    bin: { [name]: ENTRY, [COMPLETER]: `${COMPLETER}.cjs` },
    // For `getCACertificates` of node:tls.
    engines: { node: `>=${OLDEST_MAJOR}.15.0` },
  };
  const files: readonly Entry[] = [
    text('package.json', `${JSON.stringify(manifest, null, 2)}\n`),
    program(ENTRY, entryText(packs, { kind: 'files' })),
    // As plugin/kubectl-kserve does for its second name.
    program(`${COMPLETER}.cjs`, `process.argv.splice(2, 0, '__complete');\nrequire('./${ENTRY}');\n`),
    ...packs.map((pack) => text(pack.name, pack.code)),
    text('README.md', await readFile(new URL('README.md', ROOT), 'utf8')),
    text('LICENSE', await readFile(new URL('LICENSE', ROOT), 'utf8')),
    text('THIRD-PARTY-NOTICES', notices),
  ];
  const entries = files.map((file) => ({ ...file, name: `package/${file.name}` }));
  return writeReleaseFile(NPM_PACKAGE, await tarGz(entries, level), out);
}

/** An older Node would end in a syntax error, and code 1 is an answer of ours. */
function program(name: string, code: string): Entry {
  const refusal = `error: kubectl-kserve needs Node ${OLDEST_MAJOR} or newer; this is ' + process.version + '\\n`;
  const guard = `if (parseInt(process.versions.node, 10) < ${OLDEST_MAJOR}) {\n  process.stderr.write('${refusal}');\n  process.exit(${ExitCode.undetermined});\n}\n`;
  return { name, mode: 0o755, data: Buffer.from(`#!/usr/bin/env node\n${guard}${code}`) };
}

function text(name: string, content: string): Entry {
  return { name, mode: 0o644, data: Buffer.from(content) };
}
