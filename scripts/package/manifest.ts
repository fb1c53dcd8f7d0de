/** What a release fills into krew-manifest.yaml. */
export interface ManifestValues {
  /** With the leading `v`. */
  readonly version: string;
  /** Web address of the repository. */
  readonly repository: string;
  /** Name and SHA-256 (hex) of each archive, by `OS_ARCH`. */
  readonly archives: Readonly<Record<string, { readonly file: string; readonly sha256: string }>>;
}

/** The manifest that krew reads. @throws Error for a placeholder that stands for nothing */
export function renderManifest(template: string, { version, repository, archives }: ManifestValues): string {
  const values = new Map([
    ['version', version],
    ['repository', repository],
  ]);
  for (const [platform, { file, sha256 }] of Object.entries(archives)) {
    values.set(`uri.${platform}`, `${repository}/releases/download/${version}/${file}`);
    values.set(`sha256.${platform}`, sha256);
  }
  return template.replace(/^#.*\n/gm, '').replace(/\$\{([\w.]+)\}/g, (placeholder, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`krew-manifest.yaml: nothing is known for ${placeholder}`);
    return value;
  });
}

export function archiveName(
  version: string,
  { os, arch }: { readonly os: string; readonly arch: string },
  extension: 'tar.gz' | 'zip',
): string {
  return `kubectl-kserve_${version}_${os}_${arch}.${extension}`;
}

/** The web address of the repository that package.json names. */
export function repositoryUrl({ url }: { readonly url: string }): string {
  return url.replace(/^git\+/, '').replace(/\.git$/, '');
}
