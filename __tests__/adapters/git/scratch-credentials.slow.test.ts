import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Repository } from '../../../src/adapters/git/repository.js';
import { CommitMissingError } from '../../../src/adapters/git/remote.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import type { CommitId } from '../../../src/graph/tree.js';
import { basicCredential, gitCredentials } from '../../../src/adapters/github/git-credentials.js';
import { GitServer } from '../../support/git-server.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

const TOKEN = 's3cret-t0ken';
const HEADER = `basic ${basicCredential(TOKEN)}`;

let temporary: TemporaryFolder;
let server: GitServer;
/** A checkout of one commit of a private repository, without credentials. */
let clone: TestRepository;
let base: CommitId;

beforeEach(async () => {
  temporary = new TemporaryFolder();
  server = await GitServer.start(temporary.path, HEADER);
  const origin = TestRepository.create(temporary.join('origin'));
  base = origin.commit({ x: 'before\n' });
  const head = origin.commit({ x: 'after\n' });
  clone = TestRepository.create(temporary.join('clone'));
  clone.git('fetch', '--quiet', '--depth=1', `file://${origin.folder}`, head);
  clone.git('checkout', '--quiet', '--detach', head);
  clone.git('remote', 'add', 'origin', `${server.url}/origin/.git`);
});

afterEach(async () => {
  await server.stop();
  temporary.remove();
});

async function scratchOf(serverUrl: string, token = TOKEN): Promise<ScratchRepository> {
  const repository = await Repository.open(clone.folder);
  const credentials = gitCredentials({ GITHUB_SERVER_URL: serverUrl }, token);
  return ScratchRepository.create(repository, temporary.join('scratch'), credentials);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test('a commit of a private repository is fetched with the token, and so are its files', async () => {
  const scratch = await scratchOf(server.url);
  await scratch.remote.need(base);
  await scratch.checkout(base);
  expect(readFileSync(join(scratch.folder, 'x'), 'utf8')).toBe('before\n');
  expect(server.requests.length).toBeGreaterThan(1);

  const secrets = [TOKEN, basicCredential(TOKEN)];
  const files = [...filesBelow(scratch.folder), ...filesBelow(clone.folder)];
  const holding = files.filter((path) =>
    secrets.some((secret) => readFileSync(path, 'latin1').includes(secret)),
  );
  expect(holding).toEqual([]);
});

test('a token is for one host alone', async () => {
  const scratch = await scratchOf('https://github.example');
  await expect(scratch.remote.need(base)).rejects.toThrow(CommitMissingError);
  expect(server.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
});

test('without a token git does not log in', async () => {
  const scratch = await scratchOf(server.url, '');
  await expect(scratch.remote.need(base)).rejects.toThrow(CommitMissingError);
});

test('what actions/checkout left in the settings is sent, and nothing beside it', async () => {
  clone.git('config', `http.${server.url}/.extraheader`, `AUTHORIZATION: ${HEADER}`);
  const scratch = await scratchOf(server.url, 'an0ther-t0ken');
  await scratch.remote.need(base);
  expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set([HEADER]));
});
