import { lookUp } from '../../text/look-up.ts';

const REMOVED: Readonly<Record<string, string>> = {
  gcp:
    'The gcp auth plugin has been removed.\n' +
    'Please use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.\n' +
    'See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details',
  azure:
    'The azure auth plugin has been removed.\n' +
    'Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n' +
    'See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details',
};

/** Why an auth-provider of this name cannot be used; undefined for the one that can. */
export function authProviderFault(name: string): string | undefined {
  if (name === 'oidc') return undefined;
  return lookUp(REMOVED, name) ?? `no Auth Provider found for name "${name}"`;
}

/** Throws an Error in kubectl's words unless the `oidc` provider is configured. */
export function checkOidcConfig(config: Readonly<Record<string, string>>): void {
  for (const key of ['idp-issuer-url', 'client-id']) {
    if (!lookUp(config, key)) throw new Error(`Must provide ${key}`);
  }
}
