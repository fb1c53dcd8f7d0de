import type { OptionModel } from '../../../command/option.ts';

const SUBJECT = 'Subject options';

/** Whom a question is about. */
export const subjectOptions = {
  sa: {
    type: 'string',
    placeholder: 'NAMESPACE:NAME',
    section: SUBJECT,
    completes: 'service-account',
    summary: 'Ask about this ServiceAccount instead of yourself; also NAMESPACE/NAME or its full user name',
  },
  'for-user': { type: 'string', placeholder: 'USER', section: SUBJECT, summary: 'Ask about this user instead of yourself' },
  'for-group': {
    type: 'list',
    commas: false,
    placeholder: 'GROUP',
    section: SUBJECT,
    summary: 'Ask about the members of this group; with --for-user: a group of that user, may be repeated',
  },
} as const satisfies OptionModel;

/** How a question is meant. */
export const questionOptions = {
  subresource: { type: 'string', placeholder: 'NAME', summary: 'Ask about a subresource, such as log or status' },
  'all-namespaces': { type: 'boolean', short: 'A', summary: 'Check all namespaces at once' },
  'allow-unknown': { type: 'boolean', summary: 'Also check verbs and kinds that the server does not serve' },
} as const satisfies OptionModel;
