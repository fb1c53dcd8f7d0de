// The linter refuses imports up the floors of docs/architecture.md, and circles: shown by planting some.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Importing file → imported one; both below src. */
type Import = readonly [from: string, to: string];

const UP: readonly Import[] = [
  ['text/x.ts', 'host.ts'],
  ['async/x.ts', 'output/printer.ts'],
  ['domain/kubernetes/x.ts', 'domain/kserve/kinds.ts'],
  ['domain/kserve/x.ts', 'domain/rbac/grant.ts'],
  ['domain/rbac/x.ts', 'queries/runtimes.ts'],
  ['domain/x.ts', 'cluster/cluster.ts'],
  ['documents/x.ts', 'cluster/cluster.ts'],
  ['output/x.ts', 'commands/version/version.ts'],
  ['cluster/cluster.ts', 'cluster/api/client.ts'],
  ['cluster/limits.ts', 'cluster/connect.ts'],
  ['cluster/kubeconfig/x.ts', 'cluster/credentials/credentials.ts'],
  ['cluster/kubeconfig/x.ts', 'cluster/transport/tls/trust.ts'],
  ['cluster/credentials/x.ts', 'cluster/transport/transport.ts'],
  ['cluster/transport/tcp/x.ts', 'cluster/transport/dial.ts'],
  ['cluster/transport/tcp/x.ts', 'cluster/transport/tls/tls.ts'],
  ['cluster/transport/tls/x.ts', 'cluster/transport/exchange.ts'],
  ['cluster/transport/tls/x.ts', 'cluster/transport/proxy/proxy.ts'],
  ['cluster/transport/proxy/x.ts', 'cluster/transport/dial.ts'],
  ['cluster/transport/x.ts', 'cluster/api/client.ts'],
  ['cluster/transport/x.ts', 'cluster/connect.ts'],
  ['cluster/api/x.ts', 'cluster/connect.ts'],
  ['cluster/api/x.ts', 'cluster/kubeconfig/kubeconfig.ts'],
  ['cluster/x.ts', 'queries/runtimes.ts'],
  ['command/x.ts', 'cli/run.ts'],
  ['command/x.ts', 'cluster/transport/transport.ts'],
  ['queries/x.ts', 'commands/version/version.ts'],
  ['queries/x.ts', 'cluster/connect.ts'],
  ['queries/x.ts', 'cluster/api/client.ts'],
  ['commands/version/x.ts', 'cli/run.ts'],
  ['commands/version/x.ts', 'cluster/kubeconfig/kubeconfig.ts'],
  ['commands/version/x.ts', 'process/streams.ts'],
];

const DOWN: readonly Import[] = [
  ['cli/x.ts', 'commands/version/version.command.ts'],
  ['commands/version/x.ts', 'queries/kserve-version.ts'],
  ['queries/x.ts', 'cluster/cluster.ts'],
  ['cluster/connect.ts', 'cluster/api/client.ts'],
  ['cluster/api/x.ts', 'cluster/transport/transport.ts'],
  ['cluster/transport/x.ts', 'cluster/transport/proxy/connect.ts'],
  ['cluster/transport/proxy/x.ts', 'cluster/transport/tcp/tcp.ts'],
  ['cluster/transport/tls/x.ts', 'cluster/kubeconfig/pem.ts'],
  ['cluster/credentials/x.ts', 'cluster/kubeconfig/kubeconfig.ts'],
  ['cluster/kubeconfig/x.ts', 'documents/yaml.ts'],
  ['domain/rbac/x.ts', 'domain/kserve/kinds.ts'],
  ['domain/kserve/x.ts', 'text/escape.ts'],
];

/** Every way to import a module. */
const FORMS: readonly ((path: string) => string)[] = [
  (path) => `import { a } from '${path}';\nexport const b = a;\n`,
  (path) => `import type { A } from '${path}';\nexport type B = A;\n`,
  (path) => `export const b = async () => await import('${path}');\n`,
  (path) => `export { a } from '${path}';\n`,
];

/** A specifier, as it is written in the project. */
function specifier([from, to]: Import): string {
  const up = dirname(from).split('/');
  const down = to.split('/');
  while (up[0] !== undefined && down.length > 1 && up[0] === down[0]) {
    up.shift();
    down.shift();
  }
  const steps = up[0] === '.' ? 0 : up.length;
  return `${steps === 0 ? './' : '../'.repeat(steps)}${down.join('/')}`;
}

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** What the project's linter says of files that are planted in an empty project: the rules that each breaks. */
async function broken(rules: readonly string[], files: ReadonlyMap<string, string>): Promise<Map<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'floors-'));
  try {
    const { $schema: _, ...config } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    for (const [path, text] of files) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const only = rules.map((rule) => `--only=${rule}`);
    const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
    const output = await new Promise<string>((resolve) => {
      const words = [biome, 'lint', '--reporter=json', '--max-diagnostics=1000', ...only, '.'];
      execFile(process.execPath, words, { cwd: folder }, (_error, stdout) => resolve(stdout));
    });
    const { diagnostics } = JSON.parse(output) as { diagnostics: readonly Diagnostic[] };
    const byFile = Map.groupBy(diagnostics, ({ location }) => location.path);
    return new Map([...files.keys()].map((path) => [path, (byFile.get(path) ?? []).map(({ category }) => category.replace('lint/', ''))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One file a form of import, beside the file that would import, whose own name counts where it is not `x.ts`. */
function planted(imports: readonly Import[]): Map<string, string> {
  const files = new Map<string, string>();
  for (const pair of imports)
    for (const form of FORMS) {
      const name = pair[0].replace(/x\.ts$/, `x${files.size}.ts`);
      files.set(`src/${name}`, form(specifier(pair)));
    }
  return files;
}

describe('the floors', () => {
  it('refuse every import up', async () => {
    const files = planted(UP);
    const found = await broken(['style/noRestrictedImports'], files);
    const passed = [...found].filter(([, categories]) => categories.length !== 1 || categories[0] !== 'style/noRestrictedImports');
    assert.deepEqual(
      passed.map(([path]) => `${path}: ${files.get(path)}`),
      [],
    );
  });

  it('let imports down pass', async () => {
    const found = await broken(['style/noRestrictedImports'], planted(DOWN));
    assert.deepEqual(
      [...found].filter(([, categories]) => categories.length > 0),
      [],
    );
  });

  for (const folder of ['cluster/kubeconfig', 'queries', 'domain/rbac'])
    for (const [what, text] of [
      ['values', (other: string) => `import { ${other} } from './${other}.ts';\nexport const it = () => ${other}();\n`],
      ['types', (other: string) => `import type { It } from './${other}.ts';\nexport interface It2 { it?: It }\n`],
    ] as const)
      it(`refuse a circle of ${what} in ${folder}`, async () => {
        const files = new Map([
          [`src/${folder}/a.ts`, text('b')],
          [`src/${folder}/b.ts`, text('c')],
          [`src/${folder}/c.ts`, text('a')],
        ]);
        const found = await broken(['suspicious/noImportCycles'], files);
        assert.deepEqual([...found.values()], Array(3).fill(['suspicious/noImportCycles']));
      });

  it('have a rule for every folder of src and of cluster', () => {
    const { overrides } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as {
      overrides: { includes: string[]; linter: { rules: { style?: object } } }[];
    };
    const ruled = overrides.filter(({ linter }) => 'noRestrictedImports' in (linter.rules.style ?? {})).flatMap(({ includes }) => includes);
    const foldersIn = (path: string): string[] =>
      readdirSync(join(ROOT, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => `${path}/${name}/**`);
    // Above these there is only main.ts.
    const top = ['src/cli/**', 'src/process/**'];
    const folders = ['src', 'src/cluster', 'src/cluster/transport'].flatMap(foldersIn).filter((folder) => !top.includes(folder));
    assert.deepEqual(
      folders.filter((folder) => !ruled.includes(folder)),
      [],
    );
  });
});
