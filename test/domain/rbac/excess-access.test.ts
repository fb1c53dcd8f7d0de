import assert from 'node:assert/strict';
import { type ExcessQuestion, excessQuestions, excessRule, widestOf } from '../../../src/domain/rbac/excess-access.ts';
import type { Question } from '../../../src/domain/rbac/question.ts';

const KSERVE = 'serving.kserve.io';
const KIND = { group: KSERVE, plural: 'servingruntimes', kind: 'ServingRuntime', namespaced: true };
const TASK: readonly Question[] = ['get', 'list'].map((verb) => ({
  request: { verb, group: KSERVE, resource: 'servingruntimes', namespace: 'a' },
  kind: KIND,
  installed: 'yes',
}));

function ruleText(question: ExcessQuestion): string {
  const { verb, group, resource, namespace } = excessRule(question);
  return `${verb} ${resource}.${group} ${namespace}`;
}

describe('excessQuestions', () => {
  const questions = excessQuestions(TASK, undefined);
  const texts = new Set(questions.map(ruleText));

  it('ask every other verb here, and every verb everywhere', () => {
    assert.ok(texts.has(`delete servingruntimes.${KSERVE} a`) && texts.has(`get servingruntimes.${KSERVE} `));
    assert.ok(!texts.has(`get servingruntimes.${KSERVE} a`), 'what the task needs is not excess');
    const wider = questions.filter(({ isWider }) => isWider).map(ruleText);
    assert.deepEqual(wider, [`get servingruntimes.${KSERVE} `, `list servingruntimes.${KSERVE} `]);
  });

  it("ask about KServe's other kinds, each at its own scope", () => {
    assert.ok(texts.has(`create llminferenceservices.${KSERVE} a`) && texts.has(`create clusterservingruntimes.${KSERVE} `));
    assert.ok(!texts.has(`create clusterservingruntimes.${KSERVE} a`));
  });

  it('ask every verb behind wildcards, and send none', () => {
    for (const verb of ['get', 'delete', 'create', '*']) assert.ok(texts.has(`${verb} *.${KSERVE} a`) && texts.has(`${verb} *.* `), verb);
    assert.doesNotMatch(JSON.stringify(questions.map(({ request }) => request)), /\*/);
  });
});

describe('widestOf', () => {
  it('leaves out what another right holds, whatever the order', () => {
    const all = excessQuestions(TASK, undefined);
    const pick = (...wanted: readonly string[]) => all.filter((question) => wanted.includes(ruleText(question)));
    const rights = pick(
      `delete servingruntimes.${KSERVE} a`,
      `delete servingruntimes.${KSERVE} `,
      `delete *.${KSERVE} a`,
      `* *.${KSERVE} a`,
    );
    const kept = [`delete servingruntimes.${KSERVE} `, `* *.${KSERVE} a`];
    assert.deepEqual(widestOf(rights).map(ruleText).sort(), [...kept].sort());
    assert.deepEqual(widestOf(rights.toReversed()).map(ruleText).sort(), [...kept].sort());
    assert.deepEqual(widestOf(pick('get *.* ', `* servingruntimes.${KSERVE} a`)).length, 2);
  });
});
