import assert from 'node:assert/strict';
import { CATALOGUE } from '../../../src/cli/commands.ts';
import { KSERVE_GROUP, KSERVE_KINDS } from '../../../src/domain/kserve/kinds.ts';
import { type RequiredAccess, RUNTIMES_NEEDS, TASKS } from '../../../src/domain/kserve/required-access.ts';

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

  const held = (all: readonly RequiredAccess[]) =>
    new Set(all.flatMap(({ verbs, resource }) => verbs.map((verb) => `${verb} ${resource}`)));
  const declaredBy = (word: string) => CATALOGUE.commands.filter(({ path }) => path[0] === word).flatMap((command) => command.needs);

  it('cover by default all of KServe that the commands for runtimes declare to need', () => {
    const declared = declaredBy('runtimes').filter(({ group, optional }) => group === KSERVE_GROUP && !optional);
    assert.deepEqual([...held(declared).difference(held(RUNTIMES_NEEDS))], []);
  });

  it('cover for debugging all that doctor declares to need', () => {
    const debug = TASKS.find(({ name }) => name === 'debug');
    const declared = declaredBy('doctor').filter(({ optional }) => !optional);
    assert.deepEqual([...held(declared).difference(held(debug?.needs ?? []))], []);
  });
});
