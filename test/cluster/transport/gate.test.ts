import assert from 'node:assert/strict';
import { LIMITS } from '../../../src/cluster/limits.ts';
import { createGate, type Gate } from '../../../src/cluster/transport/gate.ts';

/** Requests that are answered when a test says so. */
function asking(gate: Gate) {
  const answers: (() => void)[] = [];
  let sent = 0;
  const ask = (count: number) => {
    for (let request = 0; request < count; request++) {
      void gate.limit(async () => {
        sent++;
        await new Promise<void>((resolve) => answers.push(resolve));
      });
    }
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    ask,
    answer: (count: number) => {
      for (const answer of answers.splice(0, count)) answer();
    },
    sent: async () => {
      await settle();
      return sent;
    },
  };
}

describe('requests at a time', () => {
  it('are few on a line that is near', async () => {
    const requests = asking(createGate());
    requests.ask(9);
    assert.equal(await requests.sent(), LIMITS.sockets);
    requests.answer(1);
    assert.equal(await requests.sent(), LIMITS.sockets + 1);
    requests.answer(8);
    assert.equal(await requests.sent(), 9);
  });

  it('are many before the first answer on a line that is far', async () => {
    const gate = createGate();
    const requests = asking(gate);
    requests.ask(40);
    gate.widen();
    assert.equal(await requests.sent(), LIMITS.farSockets);
    requests.answer(LIMITS.farSockets);
    assert.equal(await requests.sent(), 2 * LIMITS.farSockets);
  });

  it('are after that as many as connections stand', async () => {
    const gate = createGate();
    const requests = asking(gate);
    requests.ask(3);
    assert.equal(await requests.sent(), 3);
    gate.widen();
    requests.answer(3);
    await requests.sent();
    requests.ask(9);
    assert.equal(await requests.sent(), 6);
  });

  it('are no more where the line turns out to be far too late', async () => {
    const gate = createGate();
    const requests = asking(gate);
    requests.ask(9);
    await requests.sent();
    requests.answer(1);
    await requests.sent();
    gate.widen();
    assert.equal(await requests.sent(), LIMITS.sockets + 1);
  });
});
