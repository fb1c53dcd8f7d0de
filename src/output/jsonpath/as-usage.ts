import { UsageError } from '../../errors.ts';
import { TemplateError } from './node.ts';

/** What `make` returns; a fault of a template is one of the command line. @throws UsageError */
export function asUsage<T>(make: () => T, prefix = ''): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof TemplateError ? new UsageError(`${prefix}${error.message}`) : error;
  }
}
