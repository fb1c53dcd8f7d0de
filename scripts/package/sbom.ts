import type { BundledPackage } from './bundled.ts';

interface Product {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

interface Component {
  readonly name: string;
  readonly version: string;
  readonly integrity: string | undefined;
  /** SPDX expression. */
  readonly license: string;
}

/**
 * What the programs are made of, in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): the npm packages in the bundle, and the
 * Node of each platform. Without time and serial number, so that the same release has the same file.
 */
export function softwareBillOfMaterials(product: Product, packages: readonly BundledPackage[], nodes: readonly Component[]): object {
  const root = `pkg:npm/${product.name}@${product.version}`;
  const components = [...packages.map((entry) => component('library', entry)), ...nodes.map((node) => component('platform', node))];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: product.name,
        version: product.version,
        licenses: [{ license: { id: product.license } }],
        purl: root,
      },
    },
    components,
    dependencies: [
      { ref: root, dependsOn: components.map((entry) => entry['bom-ref']) },
      ...components.map((entry) => ({ ref: entry['bom-ref'], dependsOn: [] })),
    ],
  };
}

function component(type: 'library' | 'platform', { name, version, integrity, license }: Component) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type,
    'bom-ref': purl,
    name,
    version,
    licenses: [{ expression: license }],
    ...(integrity !== undefined && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') }],
    }),
    purl,
  };
}
