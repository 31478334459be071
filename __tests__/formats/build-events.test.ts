import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { BuildEvent } from '../../src/formats/build-event-messages.js';
import { BuildEventError, readBuildEvents } from '../../src/formats/build-events.js';

async function eventsIn(...chunks: readonly string[]): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of readBuildEvents(Readable.from(chunks))) events.push(event);
  return events;
}

test('a line in the middle that is not JSON is an error, because results may be lost', async () => {
  await expect(eventsIn('{"id":{}}\n{"id"\n{"id":{}}\n')).rejects.toThrow(BuildEventError);
});

test('a last line that is cut off is left out', async () => {
  const line = '{"id":{"targetConfigured":{"label":"//:a"}},"configured":{"targetKind":"sh_test rule"}}';
  expect(await eventsIn(`${line}\n`, line.slice(0, 40))).toEqual([
    { kind: 'targetConfigured', id: { label: '//:a' }, configured: { targetKind: 'sh_test rule' } },
  ]);
});

test('kinds that are not read are left out', async () => {
  expect(await eventsIn('{"id":{"progress":{}},"progress":{}}\n{"id":{"fromTheFuture":{}}}\n{}\n')).toEqual(
    [],
  );
});

test('a field that JSON leaves out is zero, false, empty, or the first name of its enumeration', async () => {
  expect(await eventsIn('{"id":{"testSummary":{"label":"//:a"}}}')).toEqual([
    {
      kind: 'testSummary',
      id: { label: '//:a', configuration: { id: '' } },
      testSummary: {
        overallStatus: 'NO_STATUS',
        totalRunCount: 0,
        runCount: 0,
        attemptCount: 0,
        shardCount: 0,
        totalNumCached: 0,
        totalRunDuration: null,
        failed: [],
      },
    },
  ]);
});

test('a duration is read in seconds, and in the milliseconds of older Bazels, an int64 in a string', async () => {
  const result = (field: string) => `{"id":{"testResult":{"label":"//:a"}},"testResult":{${field}}}\n`;
  const events = await eventsIn(
    result('"testAttemptDuration":"1.053s"'),
    result('"testAttemptDurationMillis":"2500"'),
  );
  expect(events).toMatchObject([
    { testResult: { testAttemptDuration: 1053 } },
    { testResult: { testAttemptDuration: 2500 } },
  ]);
});

test('an aborted event says which event will not come, and names its causes as they name themselves', async () => {
  const cause = '{"actionCompleted":{"primaryOutput":"x"}}';
  const events = await eventsIn(
    `{"id":${cause},"action":{}}\n`,
    `{"id":{"targetCompleted":{"label":"//:a"}},"children":[${cause}],"aborted":{"reason":"SKIPPED"}}\n`,
  );
  expect(events).toMatchObject([
    { kind: 'actionCompleted', writtenId: cause },
    {
      kind: 'aborted',
      instead: { kind: 'targetCompleted' },
      aborted: { reason: 'SKIPPED' },
      children: [cause],
    },
  ]);
});
