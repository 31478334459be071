import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporaryFolder } from '../../support/temporary-folder.js';

/** What an artifact puts into the folder that it is unpacked to. */
type Unpack = (folder: string) => void;

/** What an upload gets told of its packed size. */
let packedSize: number | undefined;

interface Stored {
  readonly name: string;
  readonly size?: number;
  readonly unpack: Unpack;
}

/** The artifacts of the run, in the place of GitHub's. */
let stored: readonly Stored[];

/** Where the last artifact was looked for; undefined for this run. */
let soughtBy: unknown;

jest.unstable_mockModule('@actions/artifact', () => ({
  DefaultArtifactClient: class {
    uploadArtifact(): Promise<unknown> {
      return Promise.resolve({ size: packedSize });
    }

    getArtifact(name: string): Promise<unknown> {
      const id = stored.findIndex((one) => one.name === name);
      if (id < 0) return Promise.reject(new Error('Artifact not found'));
      return Promise.resolve({ artifact: listed(id) });
    }

    listArtifacts(): Promise<unknown> {
      return Promise.resolve({ artifacts: stored.map((_, id) => listed(id)) });
    }

    downloadArtifact(
      id: number,
      { path, findBy }: { readonly path: string; readonly findBy?: unknown },
    ): Promise<unknown> {
      soughtBy = findBy;
      stored[id]?.unpack(path);
      return Promise.resolve({});
    }
  },
}));

function listed(id: number): unknown {
  return { id, name: stored[id]?.name, size: stored[id]?.size ?? 100 };
}

const { downloadFile, downloadFileOfRun, downloadFiles, uploadFile } =
  await import('../../../src/adapters/github/artifacts.js');
const { ArtifactError, ArtifactSizeError } = await import('../../../src/adapters/github/artifact-error.js');

let temporary: TemporaryFolder;
let room: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  room = temporary.path;
  mkdirSync(join(room, 'temp'));
});

afterEach(() => {
  expect(readdirSync(join(room, 'temp'))).toEqual([]);
  temporary.remove();
});

function holding(text: string): Unpack {
  return (folder) => {
    writeFileSync(join(folder, 'plan.json'), text);
  };
}

async function download(artifact: Omit<Stored, 'name'>): Promise<string> {
  stored = [{ name: 'plan', ...artifact }];
  return downloadFile('plan', 'plan.json', join(room, 'temp'));
}

describe('the one file of an artifact', () => {
  test('is read, and nothing is left behind', async () => {
    expect(await download({ unpack: holding('the plan') })).toBe('the plan');
  });

  test.each<[string, Unpack]>([
    ['nothing', () => undefined],
    [
      'a folder of that name',
      (folder) => {
        mkdirSync(join(folder, 'plan.json'));
      },
    ],
    [
      'a symlink, which would show a file of the runner',
      (folder) => {
        const secret = join(room, 'secret');
        writeFileSync(secret, 'secret');
        symlinkSync(secret, join(folder, 'plan.json'));
      },
    ],
  ])('is missing where there is %s', async (_, unpack) => {
    const downloading = download({ unpack });
    await expect(downloading).rejects.toThrow(ArtifactError);
    await expect(downloading).rejects.toThrow('the artifact plan holds no plan.json');
  });

  test('is refused where it is too large, packed or unpacked', async () => {
    await expect(download({ size: 32 * 1024 * 1024 + 1, unpack: holding('') })).rejects.toThrow(
      'the artifact plan has 33554433 bytes: that is too much',
    );
    const unpack: Unpack = (folder) => {
      holding('')(folder);
      truncateSync(join(folder, 'plan.json'), 256 * 1024 * 1024 + 1);
    };
    await expect(download({ unpack })).rejects.toThrow('the artifact plan holds 268435457 bytes: too much');
  });

  test("is not available without the artifact: GitHub's own words say why", async () => {
    stored = [];
    await expect(downloadFile('plan', 'plan.json', join(room, 'temp'))).rejects.toThrow(
      'the artifact plan is not available: Artifact not found',
    );
  });
});

test('of several artifacts each that begins with the prefix is downloaded, in the order of names, up to a bound', async () => {
  stored = [
    { name: 'leg-3', unpack: holding('three') },
    { name: 'other', unpack: holding('other') },
    { name: 'leg-2', unpack: () => undefined },
    { name: 'leg-1', unpack: holding('one') },
  ];
  expect(await downloadFiles('leg-', 'plan.json', join(room, 'temp'), 2)).toEqual([
    { name: 'leg-1', content: 'one' },
    { name: 'leg-2', error: 'the artifact leg-2 holds no plan.json' },
    { name: 'leg-3', error: 'there are more than 2' },
  ]);
});

describe('a file', () => {
  test.each([undefined, 0, 32 * 1024 * 1024])('is stored with a packed size of %s', async (size) => {
    packedSize = size;
    const file = join(room, 'plan.json');
    writeFileSync(file, '');
    truncateSync(file, 256 * 1024 * 1024);
    await expect(uploadFile('plan', file)).resolves.toBeUndefined();
  });

  test('that no job would read again is refused when it is stored, packed or unpacked', async () => {
    const file = join(room, 'plan.json');
    writeFileSync(file, '');
    packedSize = 32 * 1024 * 1024 + 1;
    await expect(uploadFile('plan', file)).rejects.toThrow(ArtifactSizeError);
    packedSize = 1;
    truncateSync(file, 256 * 1024 * 1024 + 1);
    await expect(uploadFile('plan', file)).rejects.toThrow(
      'the artifact plan would have 268435457 bytes, and no later job reads one of more than 268435456',
    );
  });

  test('that is not there is an error with the words of the system', async () => {
    await expect(uploadFile('plan', join(room, 'nothing'))).rejects.toThrow(
      /^the artifact plan cannot be stored: .*ENOENT/,
    );
  });
});

test('the file of an artifact of another run is read from that run', async () => {
  stored = [{ name: 'plan', unpack: holding('{"version":1}') }];
  const artifact = { run: 41, id: 0, name: 'plan', size: 100 };
  const place = { owner: 'org', repo: 'monorepo', token: 'secret' };
  const ofRun = (parts: object): Promise<string> =>
    downloadFileOfRun({ ...artifact, ...parts }, 'plan.json', join(room, 'temp'), place);
  expect(await ofRun({})).toBe('{"version":1}');
  expect(soughtBy).toEqual({
    token: 'secret',
    workflowRunId: 41,
    repositoryOwner: 'org',
    repositoryName: 'monorepo',
  });
  expect(await downloadFile('plan', 'plan.json', join(room, 'temp'))).toBe('{"version":1}');
  expect(soughtBy).toBeUndefined();
  await expect(ofRun({ size: 1e9 })).rejects.toThrow('too much');
  await expect(ofRun({ id: 7 })).rejects.toThrow(ArtifactError);
});
