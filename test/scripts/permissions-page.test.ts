import assert from 'node:assert/strict';
import { permissionsPage } from '../../scripts/docs/permissions-page.ts';
import { CATALOGUE } from '../../src/cli/commands.ts';

function section(command: string): string {
  return permissionsPage(CATALOGUE).split(`## kubectl kserve ${command}\n`)[1]?.split('\n## ')[0] ?? '';
}

describe('docs/permissions.md', () => {
  it('names the object and the namespaces of a request that goes elsewhere than the one in use', () => {
    assert.equal(
      section('version').trim(),
      `| verbs | resource | scope | why |
| --- | --- | --- | --- |
| get | deployments.apps, only kserve-controller-manager | namespaces kserve, kubeflow, opendatahub, redhat-ods-applications | to read KServe's exact version off its controller; without it the oldest possible one is shown |
| list | llminferenceserviceconfigs.serving.kserve.io | namespaces kserve, kubeflow, opendatahub, redhat-ods-applications | to find the presets of LLMInferenceService; without it they are not shown |`,
    );
  });

  it('says why more is suggested than the list itself needs', () => {
    assert.match(section('runtimes list'), /^\| list \| servingruntimes\.serving\.kserve\.io \| namespace \|/m);
    assert.match(permissionsPage(CATALOGUE), /`runtimes list` itself needs only `list`\./);
  });

  it('keeps what the namespace in use needs on its own rows', () => {
    assert.match(section('rbac check'), /^\| get \| serviceaccounts \| namespace \|/m);
  });
});
