import type { BundledPackage } from './bundled.ts';

const LINE = '-'.repeat(80);

/** The text of THIRD-PARTY-NOTICES: what the licences of the things inside the program ask for, of the `node` too if it holds one. */
export function thirdPartyNotices(
  packages: readonly BundledPackage[],
  node?: { readonly version: string; readonly license: string },
): string {
  const sections = [
    ...packages.map(({ name, version, license, licenseText }) => ({ title: `${name} ${version} (${license})`, text: licenseText })),
    ...(node === undefined ? [] : [{ title: `Node.js ${node.version}, and what it contains`, text: node.license.trim() }]),
  ];
  const intro = 'kubectl-kserve contains the works below. Each is under its own licence.\n';
  return [intro, ...sections.map(({ title, text }) => `${LINE}\n${title}\n${LINE}\n\n${text.replaceAll('\r\n', '\n')}\n`)].join('\n');
}
