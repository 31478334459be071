import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { BuildEventError, readBuildEvents } from '../formats/build-events.js';
import { BuildRecord } from './result/build-record.js';

/**
 * The build events of a call that can be read: none if Bazel wrote no file, and those before the damage if it is
 * damaged.
 */
export async function readRecord(eventFile: string): Promise<BuildRecord> {
  const record = new BuildRecord();
  try {
    await access(eventFile);
  } catch {
    return record;
  }
  try {
    for await (const event of readBuildEvents(createReadStream(eventFile) as AsyncIterable<Uint8Array>)) {
      record.add(event);
    }
  } catch (error) {
    // The events after the damage are lost. Their targets have no status, so the leg fails.
    if (!(error instanceof BuildEventError)) throw error;
  }
  return record;
}
