import type { Finding } from '../../finding.ts';
import { fieldOf, listOf, textOf } from '../../kubernetes/json-value.ts';
import type { KubeObject } from '../../kubernetes/resource.ts';
import type { Code } from '../catalogue/catalogue.ts';
import { evidenceOf, found, quoted } from '../check.ts';
import { compareText, nameOf } from '../facts.ts';
import { at, refOf } from '../service.ts';
import type { InstallationFacts } from './input.ts';

/** What fetches models; KServe has built-in URIs of its own, so that there need be none. */
export function storageContainerFindings({ facts: { list } }: InstallationFacts): readonly Finding<Code>[] {
  const containers = list('ClusterStorageContainer').filter(({ disabled }) => disabled !== true);
  return [...containers.flatMap(containerFindings), ...sharedPrefixes(containers)];
}

function containerFindings(container: KubeObject): readonly Finding<Code>[] {
  const ref = refOf(container);
  const image = textOf(at(container, 'spec', 'container', 'image')) ?? '';
  const formats = listOf(at(container, 'spec', 'supportedUriFormats'));
  return [
    ...(image === ''
      ? [
          found('storage-container-invalid', ref, `ClusterStorageContainer ${ref.name} has no image: Pods that need it are refused`, {
            field: 'spec.container.image',
            evidence: [evidenceOf(ref, 'spec.container.image', '<none>')],
          }),
        ]
      : []),
    ...(formats.length === 0
      ? [
          found(
            'storage-container-invalid',
            ref,
            `ClusterStorageContainer ${ref.name} has no supportedUriFormats: KServe uses it only where it is named`,
            {
              severity: 'info',
              field: 'spec.supportedUriFormats',
              evidence: [evidenceOf(ref, 'spec.supportedUriFormats', '<none>')],
            },
          ),
        ]
      : []),
    ...formats
      .filter((format) => textOf(fieldOf(format, 'prefix')) === undefined && textOf(fieldOf(format, 'regex')) === undefined)
      .map(() =>
        found(
          'storage-container-invalid',
          ref,
          `an entry of supportedUriFormats of ClusterStorageContainer ${ref.name} has neither prefix nor regex: KServe refuses every storageUri`,
          {
            field: 'spec.supportedUriFormats',
            evidence: [evidenceOf(ref, 'spec.supportedUriFormats', JSON.stringify(formats))],
          },
        ),
      ),
  ];
}

/** KServe takes the first that fits, in no fixed order. */
function sharedPrefixes(containers: readonly KubeObject[]): readonly Finding<Code>[] {
  const pairs = containers.flatMap((container) =>
    listOf(at(container, 'spec', 'supportedUriFormats')).flatMap((format) => {
      const prefix = textOf(fieldOf(format, 'prefix'));
      return prefix === undefined || prefix === '' ? [] : [{ prefix, container }];
    }),
  );
  return [...Map.groupBy(pairs, ({ prefix }) => prefix)].flatMap(([prefix, same]) => {
    const sharing = [...new Map(same.map(({ container }) => [nameOf(container), container])).values()].toSorted((a, b) =>
      compareText(nameOf(a), nameOf(b)),
    );
    const [first, ...others] = sharing;
    if (first === undefined || others.length === 0) return [];
    const ref = refOf(first);
    const names = others.map(nameOf).join(', ');
    return [
      found(
        'storage-container-invalid',
        ref,
        `ClusterStorageContainer ${ref.name} has the prefix ${quoted(prefix)}, and so has ${names}: which of them fetches a model is left to chance`,
        {
          field: 'spec.supportedUriFormats',
          severity: 'warning',
          evidence: sharing.map((one) => evidenceOf(refOf(one), 'spec.supportedUriFormats[].prefix', prefix)),
          fix: { text: 'leave the prefix to one of them, or name one in storageContainerName of the component' },
        },
      ),
    ];
  });
}
