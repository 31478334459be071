/** Measures a command and everything that it starts, including servers. It reads /proc, so it works only on Linux. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 25;
const TICKS_PER_SECOND = 100;

/**
 * @typedef {object} Measurement
 * @property {number} wallSeconds
 * @property {number} cpuSeconds of all processes
 * @property {number} nodeMegabytes peak resident memory of the largest Node process
 * @property {number} bazelMegabytes peak resident memory of the largest Java process; 0: none was started
 * @property {string} stdout
 */

/**
 * @param {string} tool
 * @param {readonly string[]} args
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} marker a text in the command lines of servers, such as the folder of their output base
 * @returns {Promise<Measurement>}
 */
export async function measure(tool, args, folder, environment, marker) {
  /** @type {Map<number, {ticks: number, megabytes: number, name: string}>} */
  const seen = new Map();
  const start = performance.now();
  const child = spawn(tool, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const sampler = setInterval(() => {
    sample(child.pid ?? 0, marker, seen);
  }, SAMPLE_MS);
  /** @type {Buffer[]} */
  const stdout = [];
  /** @type {Buffer[]} */
  const stderr = [];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  const exitCode = await new Promise((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', reject);
  });
  const wallSeconds = (performance.now() - start) / 1000;
  sample(child.pid ?? 0, marker, seen);
  clearInterval(sampler);
  if (exitCode !== 0)
    throw new Error(`${tool} ${args.join(' ')} ended with ${exitCode}:\n${Buffer.concat(stderr).toString()}`);
  const processes = [...seen.values()];
  /** @param {string} name */
  const peak = (name) =>
    Math.max(0, ...processes.filter((one) => one.name.startsWith(name)).map((one) => one.megabytes));
  return {
    wallSeconds,
    cpuSeconds: processes.reduce((sum, one) => sum + one.ticks, 0) / TICKS_PER_SECOND,
    nodeMegabytes: Math.max(peak('node'), peak('MainThread')),
    bazelMegabytes: Math.max(peak('java'), peak('bazel(')),
    stdout: Buffer.concat(stdout).toString(),
  };
}

/**
 * @param {number} root
 * @param {string} marker
 * @param {Map<number, {ticks: number, megabytes: number, name: string}>} seen
 */
function sample(root, marker, seen) {
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const about = readProcess(Number(name));
        return about === null ? [] : [[Number(name), about]];
      }),
  );
  /** @param {number} pid @returns {boolean} */
  const belongs = (pid) => {
    const about = processes.get(pid);
    if (about === undefined) return false;
    return pid === root || seen.has(pid) || about.commandLine.includes(marker) || belongs(about.parent);
  };
  for (const [pid, about] of processes) {
    if (!belongs(pid)) continue;
    const known = seen.get(pid);
    seen.set(pid, {
      name: about.name,
      ticks: Math.max(known?.ticks ?? 0, about.ticks),
      megabytes: Math.max(known?.megabytes ?? 0, about.megabytes),
    });
  }
}

/** @param {number} pid */
function readProcess(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = stat.lastIndexOf(')');
    const fields = stat.slice(close + 2).split(' ');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      name: stat.slice(stat.indexOf('(') + 1, close),
      parent: Number(fields[1]),
      // This is its own time, and that of ended children, which no sample may have seen at their end.
      ticks: Number(fields[11]) + Number(fields[12]),
      megabytes: Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
    };
  } catch {
    return null;
  }
}
