import { describeReal } from '../support/describe-real.ts';
import { contract } from './contract.ts';
import { realServer } from './servers.ts';

describeReal('contract of kube-apiserver', (plane) => contract(() => realServer(plane())));
