import assert from 'node:assert/strict';
import { homeFolder, kubeconfigFiles } from '../../../src/cluster/kubeconfig/files.ts';
import { environmentOf } from '../../../src/environment.ts';

describe('kubeconfig-files', () => {
  it('takes --kubeconfig alone, never split', () => {
    assert.deepEqual(kubeconfigFiles('a:b', { KUBECONFIG: 'c' }, 'linux'), { files: ['a:b'], explicit: true });
  });

  it('splits KUBECONFIG, without empty parts and repeats, and leaves ~ alone', () => {
    assert.deepEqual(kubeconfigFiles('', { KUBECONFIG: 'b::a:b:~/c', HOME: '/h' }, 'linux').files, ['b', 'a', '~/c']);
  });

  it('splits KUBECONFIG at semicolons on Windows, but not in quotes', () => {
    assert.deepEqual(kubeconfigFiles(undefined, { KUBECONFIG: 'C:\\a;"C:\\b;c"\\d;;E:\\f' }, 'win32').files, [
      'C:\\a',
      'C:\\b;c\\d',
      'E:\\f',
    ]);
  });

  it('falls back to HOME, or the working folder', () => {
    assert.deepEqual(kubeconfigFiles(undefined, { HOME: '/h', KUBECONFIG: '' }, 'linux'), { files: ['/h/.kube/config'], explicit: false });
    assert.deepEqual(kubeconfigFiles(undefined, {}, 'linux').files, ['.kube/config']);
  });

  it('looks on Windows for the first home with a kubeconfig, then for one that is there', () => {
    const env = environmentOf({ HOME: 'H:\\', HomeDrive: 'D:', HOMEPATH: '\\me', UserProfile: 'C:\\me' }, 'win32');
    const homeWith = (...there: readonly string[]) => homeFolder(env, 'win32', (file) => there.includes(file));
    assert.equal(homeWith('C:\\me', 'D:\\me', 'D:\\me\\.kube\\config'), 'D:\\me');
    assert.equal(homeWith('C:\\me', 'D:\\me'), 'C:\\me');
    assert.equal(homeWith('D:\\me'), 'D:\\me');
    assert.equal(homeWith(), 'H:\\');
  });
});
