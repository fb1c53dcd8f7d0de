import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { yamlList } from '../../src/output/structured.ts';
import { yamlText } from '../../src/output/yaml.ts';

describe('YAML', () => {
  it('keeps empty lines at the end of a text without ending the document', () => {
    const value = { a: { text: 'one\n\n\n' } };
    assert.equal(yamlText(value), 'a:\n  text: |+\n    one\n\n\n');
    assert.deepEqual(load(yamlText(value)), value);
  });

  it('is one document, whatever the last text of an object is', async () => {
    const items = ['one\n\n', '...\n', '---\n\n'].map((text) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      zeta: text,
    }));
    const text = [...(await yamlList({ items, errors: [] }))].join('');
    assert.deepEqual((load(text) as { items: unknown }).items, items);
  });
});
