/**
 * The log of a job. All output of an action goes through this module. Text from elsewhere (a label, a path, the output
 * of a program or a service) is changed here if the runner would take it for a command. Only intended commands remain
 * commands.
 */
import * as core from '@actions/core';
import { withoutCommands, withoutOldCommands } from '../text/harmless.js';
import { formsOf } from '../text/secret-forms.js';
import { withCommandsStopped, type Print } from './stop-commands.js';

/** The place of an annotation: a title, and a position in the repository. */
export type AnnotationPlace = core.AnnotationProperties;

export function info(text: string): void {
  core.info(withoutCommands(text));
}

/** Adds an annotation to the step, next to the code if the place has a position. */
export function annotate(
  level: 'error' | 'warning' | 'notice',
  message: string,
  place: AnnotationPlace = {},
): void {
  const { title, file, ...rest } = place;
  core[level](withoutCommands(message), {
    ...rest,
    ...(title === undefined ? {} : { title: withoutCommands(title) }),
    ...(file === undefined ? {} : { file: withoutOldCommands(file) }),
  });
}

/** Marks the step as failed without ending it. */
export function fail(message: string): void {
  annotate('error', message);
  process.exitCode = core.ExitCode.Failure;
}

/** Tells the runner to mask a text in all later output, in every form in which programs may write it. */
export function mask(secret: string): void {
  for (const form of formsOf(secret)) {
    // The command must contain the secret unchanged, so it bypasses the functions that change texts.
    write(`::add-mask::${form.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')}\n`);
  }
}

/** Puts the output of some work into a group that the user can fold. */
export async function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  core.startGroup(withoutCommands(title));
  try {
    return await work();
  } finally {
    core.endGroup();
  }
}

/**
 * Lets other programs print unchanged while the runner ignores commands.
 *
 * @param work gets the function to print with
 */
export async function letOthersPrint<T>(work: (print: Print) => Promise<T>): Promise<T> {
  return withCommandsStopped(write, () => work(write));
}

/** The original function of standard output, from before {@link guardLog}. */
const unguarded = process.stdout.write.bind(process.stdout);
const write: Print = (chunk) => unguarded(chunk);

/**
 * Removes commands from what libraries print without this module; an intended command stays one. If the log cannot be
 * written any more, the step fails but goes on, because its other results still count.
 */
export function guardLog(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(
      `The log cannot be written (${error.code ?? error.message}): the program that reads it has ended, or its disk is full. Run the job again.\n`,
    );
  });
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => {
      process.exitCode = core.ExitCode.Failure;
    });
  for (const stream of [process.stdout, process.stderr]) {
    const original = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return original(IS_COMMAND.test(text) ? withoutOldCommands(text) : withoutCommands(text), ...rest);
    };
  }
}

const IS_COMMAND = /^::[^\r\n]*\r?\n$/;
