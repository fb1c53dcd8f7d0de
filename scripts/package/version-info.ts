import { createRequire } from 'node:module';

interface Language {
  readonly lang: number;
  readonly codepage: number;
}

interface VersionInfo {
  readonly fixedInfo: object;
  readonly getAllLanguagesForStringValues: () => readonly Language[];
  readonly getStringValues: (language: Language) => Readonly<Record<string, string>>;
  readonly removeAllStringValues: (language: Language) => void;
  readonly setStringValues: (language: Language, values: Readonly<Record<string, string>>) => void;
  readonly outputToResourceEntries: (entries: Resources['entries']) => void;
}

interface Executable {
  readonly generate: () => ArrayBuffer;
}

interface Resources {
  readonly entries: readonly { readonly id: number | string }[];
  readonly outputResource: (executable: Executable) => void;
}

/** What we use of resedit. Its own types bring those of a browser along, which contradict Node's. */
interface ResEdit {
  readonly NtExecutable: { readonly from: (program: Buffer, options?: { readonly ignoreCert: boolean }) => Executable };
  readonly NtExecutableResource: { readonly from: (executable: Executable) => Resources };
  readonly Resource: { readonly VersionInfo: { readonly fromEntries: (entries: Resources['entries']) => readonly VersionInfo[] } };
}

const { load } = createRequire(import.meta.url)('resedit/cjs') as { readonly load: () => Promise<ResEdit> };
const { NtExecutable, NtExecutableResource, Resource } = await load();

/** A program's own words in Explorer's and PowerShell's `VersionInfo`: https://learn.microsoft.com/windows/win32/menurc/versioninfo-resource */
export interface VersionWords {
  readonly name: string;
  readonly description: string;
  /** Such as `1.2.3`. */
  readonly version: string;
  readonly license: string;
}

/** A Windows program that says what it is, and without the signature of the Node inside it, which no longer holds. */
export function withVersionInfo(program: Buffer, { name, description, version, license }: VersionWords): Buffer {
  const executable = NtExecutable.from(program, { ignoreCert: true });
  const resources = NtExecutableResource.from(executable);
  const [info] = Resource.VersionInfo.fromEntries(resources.entries);
  if (info === undefined) throw new Error('the program has no version information to replace');
  for (const language of info.getAllLanguagesForStringValues()) {
    info.removeAllStringValues(language);
    info.setStringValues(language, {
      CompanyName: name,
      ProductName: name,
      FileDescription: description,
      FileVersion: version,
      ProductVersion: version,
      OriginalFilename: `${name}.exe`,
      InternalName: name,
      LegalCopyright: license,
    });
  }
  // The numbers that installers compare: 1.2.3 as two words of 32 bits, the most significant first.
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const [ms, ls] = [(major << 16) | minor, patch << 16];
  Object.assign(info.fixedInfo, { fileVersionMS: ms, fileVersionLS: ls, productVersionMS: ms, productVersionLS: ls });
  info.outputToResourceEntries(resources.entries);
  resources.outputResource(executable);
  return Buffer.from(executable.generate());
}

/** Throws unless a Windows program names itself, has no signature that cannot hold, and holds what was put into it. */
export function checkVersionInfo(program: Buffer, { name, version }: Pick<VersionWords, 'name' | 'version'>): void {
  const executable = NtExecutable.from(program);
  const { entries } = NtExecutableResource.from(executable);
  const [info] = Resource.VersionInfo.fromEntries(entries);
  const [language] = info?.getAllLanguagesForStringValues() ?? [];
  const words = language === undefined ? undefined : info?.getStringValues(language);
  const own = { ProductName: name, ProductVersion: version, OriginalFilename: `${name}.exe` };
  for (const [key, value] of Object.entries(own)) {
    if (words?.[key] !== value)
      throw new Error(`the program says of its ${key} ${JSON.stringify(words?.[key])}, not ${JSON.stringify(value)}`);
  }
  if (!entries.some(({ id }) => id === 'NODE_SEA_BLOB')) throw new Error('the program holds nothing that Node could run');
}
