import type { KubeObject } from '../../src/domain/kubernetes/resource.ts';
import { fixtureObjects } from '../../tools/fixtures.ts';

/** Objects with values that each printer writes in its own way. */
export function oddRuntimes(namespace: string): KubeObject[] {
  const odd = {
    labels: { team: 'a', tier: 'gold' },
    annotations: {
      note: '<b> & "q" \u2028 é 😀 \\',
      lines: 'a: b\n# c\n',
      tabs: 'a\tb',
      number: '1e3',
      control: 'x\u001b[31my\rz',
      'a.b': 'dots',
    },
  };
  return fixtureObjects('runtimes').map((object, index) => {
    const place = object.kind === 'ServingRuntime' ? { namespace } : {};
    const more = index % 3 === 0 ? odd : {};
    return { ...object, metadata: { ...object.metadata, ...place, ...more } };
  });
}
