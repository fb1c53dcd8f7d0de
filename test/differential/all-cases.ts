import type { Case } from './case.ts';
import { authenticationCases } from './cases/authentication.ts';
import { certificateCases } from './cases/certificates.ts';
import { choosingCases } from './cases/choosing.ts';
import { decodingCases } from './cases/decoding.ts';
import { fileCases } from './cases/files.ts';
import { fixtureCases } from './cases/fixtures.ts';
import { flagCases } from './cases/flags.ts';
import { httpCases } from './cases/http.ts';
import { impersonationCases } from './cases/impersonation.ts';
import { oidcCases } from './cases/oidc.ts';
import { pluginCases } from './cases/plugins.ts';
import { podCases } from './cases/pods.ts';
import { proxyCases } from './cases/proxies.ts';
import { tlsCases } from './cases/tls.ts';
import { urlCases } from './cases/urls.ts';
import { validationCases } from './cases/validation.ts';
import { zoneCases } from './cases/zones.ts';

/** Every rule of how the API server is reached, as cases. */
export const allCases: readonly Case[] = [
  ...fileCases,
  ...decodingCases,
  ...choosingCases,
  ...validationCases,
  ...podCases,
  ...urlCases,
  ...zoneCases,
  ...authenticationCases,
  ...pluginCases,
  ...oidcCases,
  ...impersonationCases,
  ...tlsCases,
  ...certificateCases,
  ...proxyCases,
  ...httpCases,
  ...flagCases,
  ...fixtureCases,
];
