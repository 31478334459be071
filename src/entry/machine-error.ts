import { dirname } from 'node:path';

/**
 * The machine prevents this program from going on: the disk is full, a folder is missing, the log cannot be written.
 */
export class MachineError extends Error {
  override name = 'MachineError';
}

const OTHER_FOLDER = 'let RUNNER_TEMP (or TMPDIR, on your own machine) name another folder';

/** An error whose message says what to do, if the machine is the cause; null for every other error. */
export function machineError(error: unknown): MachineError | null {
  if (!(error instanceof Error)) return null;
  const sentence = FULL_DISK.test(error.message)
    ? `${error.message}; free some, or ${OTHER_FOLDER}`
    : machineSentence(error);
  return sentence === null ? null : new MachineError(sentence, { cause: error });
}

/** The messages of other programs, which name the operation that failed. */
const FULL_DISK = /^(?!E[A-Z]+: ).*(?:No space left on device|Disk quota exceeded)/s;

function machineSentence(error: NodeJS.ErrnoException): string | null {
  // The message of @actions/core.
  const [, missing] = /^Missing file at path: (.*)$/s.exec(error.message) ?? [];
  if (missing !== undefined)
    return `${missing} is missing, where the runner reads what this step leaves: a step before may have removed it; run the job again`;
  const { code = '', syscall = 'access', path = '' } = error;
  const what = path === '' ? '' : ` ${path}`;
  const why = `${syscall}${what}: ${code}`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no space left on the disk (${why}): free some, or ${OTHER_FOLDER}`;
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return path === ''
        ? null
        : `${path} cannot be used (${why}): change its permissions, or ${OTHER_FOLDER}`;
    case 'ENOENT':
    case 'ENOTDIR':
      return syscall === 'mkdtemp'
        ? `there is not a folder ${dirname(path)} for temporary files (${why}): make it, or ${OTHER_FOLDER}`
        : null;
    case 'EMFILE':
    case 'ENFILE':
      return `too many files are open (${why}): raise the limit (ulimit -n), or end other programs`;
    case 'EIO':
      return `the disk does not work (${why}): look at the machine`;
    default:
      return null;
  }
}
