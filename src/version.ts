import packageJson from '../package.json' with { type: 'json' };

/** The version of the program, from package.json, the one place that holds it. */
export const VERSION: string = packageJson.version;

/** Where a bug is reported. */
export const ISSUES_URL: string = packageJson.repository.url.replace(/^git\+/, '').replace(/\.git$/, '/issues');
