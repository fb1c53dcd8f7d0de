import type { ConnectionOptions } from '../../cluster/connection-options.ts';
import { connectionFlags } from '../../command/connection-flags.ts';
import type { Report } from '../../domain/doctor/report.ts';
import type { Finding } from '../../domain/finding.ts';
import { shellCommand } from '../../text/shell.ts';

/** The same report; its commands reach the cluster that it is about, as the same account, wherever they are pasted. */
export function withConnection(report: Report, options: ConnectionOptions): Report {
  const flags = shellCommand(connectionFlags(options));
  if (flags === '') return report;
  const { installation, services, runtimes, findings } = report;
  // What is one finding in two lists stays one.
  const made = new Map(findings.map((finding) => [finding, withFlags(finding, flags)]));
  const all = (some: readonly Finding[]) => some.map((finding) => made.get(finding) ?? finding);
  return {
    ...report,
    ...(installation !== undefined && { installation: { ...installation, findings: all(installation.findings) } }),
    services: services.map((service) => ({ ...service, findings: all(service.findings) })),
    runtimes: runtimes.map((runtime) => ({ ...runtime, findings: all(runtime.findings) })),
    findings: all(findings),
  };
}

function withFlags(finding: Finding, flags: string): Finding {
  const { fix, because } = finding;
  return {
    ...finding,
    ...(fix?.commands !== undefined && { fix: { ...fix, commands: fix.commands.map((command) => `${command} ${flags}`) } }),
    ...(because !== undefined && { because: withFlags(because, flags) }),
  };
}
