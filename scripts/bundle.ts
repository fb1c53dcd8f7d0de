// Makes dist/kubectl-kserve.cjs: the whole program in one file, for the packaged binaries and the launchers in plugin/.
import { bundle } from './bundle/build.ts';

await bundle('dist/kubectl-kserve.cjs');
