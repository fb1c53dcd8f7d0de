import assert from 'node:assert/strict';
import { CATALOGUE } from '../../../src/cli/commands.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../../src/domain/kserve/kinds.ts';
import { RUNTIMES_NEEDS, TASKS } from '../../../src/domain/kserve/required-access.ts';

const needs = TASKS.flatMap((task) => task.needs);

describe('the tasks', () => {
  it('give a reason for each right, as a clause', () => {
    for (const { reason } of needs) assert.match(reason, /^to [a-z].*[^.]$/);
  });

  it('name kinds of KServe by their plural, at the scope they have', () => {
    for (const { group, resource, scope } of needs.filter((need) => need.group === KSERVE_GROUP)) {
      const kind = KSERVE_KINDS.find(({ plural }) => plural === resource);
      assert.equal(kind?.namespaced, scope === 'namespace', `${resource}.${group}`);
    }
  });

  it('hold no wildcard', () => {
    for (const need of needs) assert.doesNotMatch(JSON.stringify(need), /\*/);
  });

  it('cover by default all of KServe that the commands of this plugin declare to need', () => {
    const held = new Set(RUNTIMES_NEEDS.flatMap(({ verbs, resource, scope }) => verbs.map((verb) => `${verb} ${resource} ${scope}`)));
    const declared = CATALOGUE.commands.flatMap((command) => command.needs).filter(({ group }) => group === KSERVE_GROUP);
    for (const { verbs, resource, scope } of declared)
      for (const verb of verbs) assert.ok(held.has(`${verb} ${resource} ${scope}`), `${verb} ${resource}`);
  });
});
