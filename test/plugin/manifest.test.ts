import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { archiveName, renderManifest, repositoryUrl } from '../../scripts/package/manifest.ts';
import { TARGETS } from '../../scripts/package/targets.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const VERSION = `v${packageJson.version}`;
const REPOSITORY = repositoryUrl(packageJson.repository);
const SHA256 = 'a'.repeat(64);

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly homepage: string;
    readonly shortDescription: string;
    readonly description: string;
    readonly caveats: string;
    readonly platforms: readonly Platform[];
  };
}

interface Platform {
  readonly selector: { readonly matchLabels: { readonly os: string; readonly arch: string } };
  readonly uri: string;
  readonly sha256: string;
  readonly bin: string;
}

function rendered(): Manifest {
  const archives = TARGETS.map((target) => [
    `${target.os}_${target.arch}`,
    { file: archiveName(VERSION, target, 'tar.gz'), sha256: SHA256 },
  ]);
  const values = { version: VERSION, repository: REPOSITORY, archives: Object.fromEntries(archives) };
  return load(renderManifest(read('krew-manifest.yaml'), values)) as Manifest;
}

describe('krew manifest', () => {
  it('has the keys that krew knows, and no other', () => {
    const manifest = rendered();
    assert.deepEqual(Object.keys(manifest), ['apiVersion', 'kind', 'metadata', 'spec']);
    assert.deepEqual(Object.keys(manifest.spec), ['version', 'homepage', 'shortDescription', 'description', 'caveats', 'platforms']);
    for (const platform of manifest.spec.platforms) assert.deepEqual(Object.keys(platform), ['selector', 'uri', 'sha256', 'bin']);
    assert.deepEqual(
      [manifest.apiVersion, manifest.kind, manifest.metadata],
      ['krew.googlecontainertools.github.com/v1alpha2', 'Plugin', { name: 'kserve' }],
    );
  });

  it('takes version and addresses from package.json', () => {
    const { spec } = rendered();
    assert.deepEqual([spec.version, spec.homepage], [VERSION, REPOSITORY]);
    assert.match(REPOSITORY, /^https:\/\/github\.com\/[^/]+\/[^/]+$/);
    for (const { selector, uri, sha256, bin } of spec.platforms) {
      const { os, arch } = selector.matchLabels;
      assert.equal(uri, `${REPOSITORY}/releases/download/${VERSION}/kubectl-kserve_${VERSION}_${os}_${arch}.tar.gz`);
      assert.equal(sha256, SHA256);
      assert.equal(bin, os === 'windows' ? 'kubectl-kserve.exe' : 'kubectl-kserve');
    }
  });

  it('offers six platforms', () => {
    const platforms = rendered().spec.platforms.map(({ selector }) => `${selector.matchLabels.os}/${selector.matchLabels.arch}`);
    assert.deepEqual(platforms, ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64', 'windows/arm64']);
  });

  // https://krew.sigs.k8s.io/docs/developer-guide/develop/best-practices/ and the naming guide
  it('has texts as reviewers of krew-index want them', () => {
    const { shortDescription, description, caveats } = rendered().spec;
    assert.ok(shortDescription.length <= 50, String(shortDescription.length));
    assert.doesNotMatch(shortDescription, /\.$|plugin|kubectl|kubernetes/i);
    for (const line of `${description}${caveats}`.split('\n')) assert.ok(line.length <= 80, line);
  });

  it('sends nobody on Windows to a completion that kubectl does not have there', () => {
    const [before = '', after = ''] = rendered().spec.caveats.split('kubectl kserve completion install\n');
    assert.match(before, /on Linux and macOS, once:\s+$/);
    assert.match(after, /On Windows, [^.]*kubectl does not complete plugins\./);
  });

  it('is the same for krew-release-bot', () => {
    const bot = read('.krew.yaml')
      .replace(/^ {4}\{\{addURIAndSha "(.*)" \.TagName \}\}$/gm, `    uri: $1\n    sha256: ${SHA256}`)
      .replaceAll('{{ .TagName }}', VERSION);
    assert.deepEqual(load(bot), rendered());
  });

  it('fails for a placeholder that stands for nothing', () => {
    const placeholder = '$'.concat('{uri.plan9_mips}');
    assert.throws(() => renderManifest(`uri: ${placeholder}`, { version: VERSION, repository: REPOSITORY, archives: {} }), {
      message: `krew-manifest.yaml: nothing is known for ${placeholder}`,
    });
  });

  it('documents and schemas name this repository and no other', () => {
    const schemas = readdirSync(new URL('../../docs/schema/', import.meta.url)).map((name) => `docs/schema/${name}`);
    for (const file of ['README.md', 'SECURITY.md', 'docs/packaging.md', ...schemas]) {
      const named = [...read(file).matchAll(/(?:github\.com\/|--repo )([\w.-]+\/kubectl-kserve)/g)].map(([, name]) => name);
      assert.ok(named.length > 0 || file === 'docs/packaging.md', file);
      for (const name of named) assert.equal(`https://github.com/${name}`, REPOSITORY, file);
    }
  });

  it('CHANGELOG begins with this version', () => {
    assert.equal(/^## (.+)$/m.exec(read('CHANGELOG.md'))?.[1], packageJson.version);
  });
});
