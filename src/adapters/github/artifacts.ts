import { lstat, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DefaultArtifactClient, type Artifact, type FindOptions } from '@actions/artifact';
import { ArtifactError, ArtifactSizeError } from './artifact-error.js';
import type { Environment } from './event.js';
import { inTime, TooLateError } from './in-time.js';

// The library that unpacks artifacts calls the deprecated Buffer(). Node would print a warning about it in every log.
process.noDeprecation = true;

/** Limits in bytes for one artifact, packed and unpacked. A larger one is neither stored nor read. */
const MOST_PACKED_BYTES = 32 * 1024 * 1024;
const MOST_BYTES = 256 * 1024 * 1024;
/** The unpacked limit for each of many artifacts. */
const MOST_BYTES_OF_MANY = 64 * 1024 * 1024;

/** The limit in characters for many artifacts together, because all are in memory at once. */
const MOST_RESULT_CHARACTERS = 256 * 1024 * 1024;

/**
 * The time limit in milliseconds for one answer, and for the transfer of one artifact. The library itself waits for a
 * server without limit, and retries an interrupted transfer after 35 s.
 */
const ANSWER_MS = 60_000;
/** The time limit in milliseconds for many artifacts together. */
const ALL_DOWNLOADS_MS = 300_000;

/** How many artifacts are downloaded at the same time. */
const DOWNLOADS_AT_ONCE = 8;

/** The content of an artifact, or why it is not available. */
export type Downloaded =
  { readonly name: string; readonly content: string } | { readonly name: string; readonly error: string };

/** Whether this process runs in a job that can store artifacts. */
export function hasArtifacts(environment: Environment): boolean {
  return Boolean(environment.ACTIONS_RUNTIME_TOKEN && environment.ACTIONS_RESULTS_URL);
}

/**
 * Stores one file as an artifact of this run.
 *
 * @param name not yet used in this run, because artifacts are immutable
 * @throws ArtifactError with GitHub's message; ArtifactSizeError if {@link downloadFile} would refuse it
 */
export async function uploadFile(name: string, file: string): Promise<void> {
  let packed: number;
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw tooLarge(name, size, MOST_BYTES);
    const uploaded = await inTime(ANSWER_MS, 'GitHub did not accept it', () =>
      new DefaultArtifactClient().uploadArtifact(name, [file], dirname(file)),
    );
    packed = uploaded.size ?? 0;
  } catch (error) {
    if (error instanceof ArtifactSizeError) throw error;
    throw new ArtifactError(`the artifact ${name} cannot be stored: ${errorWords(error)}`, { cause: error });
  }
  if (packed > MOST_PACKED_BYTES) throw tooLarge(name, packed, MOST_PACKED_BYTES);
}

function tooLarge(name: string, size: number, most: number): ArtifactSizeError {
  return new ArtifactSizeError(
    `the artifact ${name} would have ${size} bytes, and no later job reads one of more than ${most}`,
  );
}

/**
 * The only file of an artifact of this run.
 *
 * @param tempFolder an existing folder
 * @throws ArtifactError if it does not exist or is too large
 */
export async function downloadFile(name: string, fileName: string, tempFolder: string): Promise<string> {
  try {
    const { artifact } = await inTime(ANSWER_MS, 'GitHub has not answered', () =>
      new DefaultArtifactClient().getArtifact(name),
    );
    return await artifactContent(artifact, fileName, tempFolder, MOST_BYTES, ANSWER_MS);
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw new ArtifactError(`the artifact ${name} is not available: ${errorWords(error)}`, { cause: error });
  }
}

/** An artifact of another run of this repository. */
export interface ArtifactOfRun extends Pick<Artifact, 'id' | 'name' | 'size'> {
  readonly run: number;
}

/**
 * The only file of an artifact of another run.
 *
 * @param token needs the permission `actions: read`
 * @param tempFolder an existing folder
 * @throws ArtifactError if it is not available, or is too large
 */
export async function downloadFileOfRun(
  { run, ...artifact }: ArtifactOfRun,
  fileName: string,
  tempFolder: string,
  { owner, repo, token }: { readonly owner: string; readonly repo: string; readonly token: string },
): Promise<string> {
  try {
    return await artifactContent(artifact, fileName, tempFolder, MOST_BYTES, ANSWER_MS, {
      findBy: { token, workflowRunId: run, repositoryOwner: owner, repositoryName: repo },
    });
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw new ArtifactError(
      `the artifact ${artifact.name} of another run is not available: ${errorWords(error)}`,
      {
        cause: error,
      },
    );
  }
}

/**
 * The only file of each artifact of this run whose name begins with a prefix, ordered by name. An artifact that exceeds
 * its own time limit, or the limit for all together, is returned as an error.
 *
 * @param most how many are downloaded at most; the others are returned as errors, and so are those over the total size
 * @throws ArtifactError if GitHub does not list them
 */
export async function downloadFiles(
  prefix: string,
  fileName: string,
  tempFolder: string,
  most: number,
): Promise<Downloaded[]> {
  let artifacts: Artifact[];
  try {
    ({ artifacts } = await inTime(ANSWER_MS, 'GitHub has not answered', () =>
      new DefaultArtifactClient().listArtifacts({ latest: true }),
    ));
  } catch (error) {
    throw new ArtifactError(`the artifacts of this run cannot be listed: ${errorWords(error)}`, {
      cause: error,
    });
  }
  const wanted = artifacts
    .filter(({ name }) => name.startsWith(prefix))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const downloaded: Downloaded[] = [];
  let left = MOST_RESULT_CHARACTERS;
  const deadline = performance.now() + ALL_DOWNLOADS_MS;
  for (let at = 0; at < wanted.length; at += DOWNLOADS_AT_ONCE) {
    const batch = wanted
      .slice(at, at + DOWNLOADS_AT_ONCE)
      .map(async (artifact, place): Promise<Downloaded> => {
        const { name } = artifact;
        if (at + place >= most) return { name, error: `there are more than ${most}` };
        if (left <= 0) return { name, error: 'earlier results already reach the size limit' };
        const patience = Math.min(ANSWER_MS, deadline - performance.now());
        try {
          const content = await artifactContent(artifact, fileName, tempFolder, MOST_BYTES_OF_MANY, patience);
          left -= content.length;
          return { name, content };
        } catch (error) {
          return { name, error: errorWords(error) };
        }
      });
    downloaded.push(...(await Promise.all(batch)));
  }
  return downloaded;
}

async function artifactContent(
  { id, name, size }: Artifact,
  fileName: string,
  tempFolder: string,
  mostBytes: number,
  patienceMs: number,
  where: FindOptions = {},
): Promise<string> {
  if (size > MOST_PACKED_BYTES)
    throw new ArtifactError(`the artifact ${name} has ${size} bytes: that is too much`);
  const folder = await mkdtemp(join(tempFolder, 'artifact-'));
  let isWritten = true;
  try {
    await inTime(patienceMs, 'it has not arrived', () =>
      new DefaultArtifactClient().downloadArtifact(id, { path: folder, ...where }),
    );
    const file = join(folder, fileName);
    const found = await lstat(file).catch(() => null);
    if (!found?.isFile()) throw new ArtifactError(`the artifact ${name} holds no ${fileName}`);
    if (found.size > mostBytes)
      throw new ArtifactError(`the artifact ${name} holds ${found.size} bytes: too much`);
    return await readFile(file, 'utf8');
  } catch (error) {
    // The library may still be writing to the folder.
    if (error instanceof TooLateError) isWritten = false;
    throw error;
  } finally {
    if (isWritten) await rm(folder, { recursive: true, force: true });
  }
}

function errorWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
