const MEANINGS = ['services', 'runtimes', 'status', 'logs', 'objects', 'description', 'changes', 'rights'] as const;
type Meaning = (typeof MEANINGS)[number];

/** Words that people bring from kubectl and other tools, by what they are after. */
const MEANT: Readonly<Record<Meaning, readonly string[]>> = {
  services: ['isvc', 'inferenceservice', 'inferenceservices', 'llmisvc', 'llminferenceservice', 'llminferenceservices', 'model', 'models'],
  runtimes: ['servingruntime', 'servingruntimes', 'clusterservingruntime', 'clusterservingruntimes', 'sr', 'csr'],
  status: ['status', 'health', 'diagnose', 'debug', 'troubleshoot', 'why', 'wait', 'events', 'event'],
  logs: ['log', 'logs'],
  objects: ['get', 'ls'],
  description: ['describe', 'show', 'inspect'],
  changes: ['apply', 'create', 'delete', 'edit', 'patch', 'deploy', 'run', 'scale', 'rollout', 'label', 'annotate'],
  rights: ['auth', 'access', 'permissions'],
};

function meaningOf(word: string | undefined): Meaning | undefined {
  return word === undefined ? undefined : MEANINGS.find((meaning) => MEANT[meaning].includes(word.toLowerCase()));
}

interface Pointer {
  readonly says: string;
  readonly commands: readonly string[];
}

const POINTERS: Readonly<Record<Meaning, Pointer>> = {
  services: {
    says: 'kubectl itself shows InferenceServices; doctor says why one is not ready',
    commands: ['kubectl get isvc', 'kubectl kserve doctor NAME'],
  },
  runtimes: { says: 'runtimes of both kinds are listed together', commands: ['kubectl kserve runtimes list'] },
  status: { says: 'doctor says why a model is not ready', commands: ['kubectl kserve doctor NAME'] },
  logs: {
    says: 'doctor shows the last lines of a container that fails',
    commands: ['kubectl kserve doctor NAME --logs', 'kubectl logs -l serving.kserve.io/inferenceservice=NAME -c kserve-container'],
  },
  objects: { says: 'for runtimes, and for InferenceServices', commands: ['kubectl kserve runtimes list', 'kubectl get isvc'] },
  description: {
    says: 'for a runtime, and for an InferenceService',
    commands: ['kubectl kserve runtimes describe NAME', 'kubectl kserve doctor NAME'],
  },
  changes: {
    says: 'this plugin changes nothing: kubectl itself does; a manifest can be checked before',
    commands: ['kubectl kserve doctor -f FILE', 'kubectl apply -f FILE'],
  },
  rights: { says: 'rbac check says what an account may do', commands: ['kubectl kserve rbac check'] },
};

/**
 * What exists for a command line of another tool, as the text of a hint: kubectl's verbs come before a kind, `describe isvc iris`.
 * Undefined for words that mean nothing here.
 */
export function pointerFor([first, second]: readonly string[]): string | undefined {
  const meaning = meaningOf(first);
  const about = meaningOf(second);
  const isAboutServices = about === 'services' && (meaning === 'objects' || meaning === 'description');
  const found = isAboutServices ? 'services' : meaning;
  if (found === undefined) return undefined;
  const { says, commands } = POINTERS[found];
  return [`${says}:`, ...commands.map((command) => `  ${command}`)].join('\n');
}
