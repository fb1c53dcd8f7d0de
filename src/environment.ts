/** Variables by name, as a program finds them in its environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment as its system reads it: on Windows `Path`, `PATH` and `path` are one variable, which a plain object does not know. Names keep
 * the case that they were set in, for programs that are started with them.
 */
export function environmentOf(variables: Environment, platform: NodeJS.Platform): Environment {
  if (platform !== 'win32') return variables;
  const names = new Map(Object.keys(variables).map((name) => [name.toUpperCase(), name]));
  const written = (name: string | symbol): string | symbol => (typeof name === 'string' ? (names.get(name.toUpperCase()) ?? name) : name);
  return new Proxy(variables, {
    get: (target, name) => Reflect.get(target, written(name)),
    has: (target, name) => Reflect.has(target, written(name)),
    getOwnPropertyDescriptor: (target, name) => Reflect.getOwnPropertyDescriptor(target, written(name)),
  });
}

/** The environment with variables set: on Windows they replace those of the same name in another case, or a program would find either. */
export function withVariables(
  environment: Environment,
  set: Iterable<readonly [name: string, value: string]>,
  platform: NodeJS.Platform,
): Environment {
  if (platform !== 'win32') return { ...environment, ...Object.fromEntries(set) };
  const merged = new Map<string, readonly [string, string | undefined]>();
  for (const [name, value] of [...Object.entries(environment), ...set]) merged.set(name.toUpperCase(), [name, value]);
  return environmentOf(Object.fromEntries(merged.values()), platform);
}
