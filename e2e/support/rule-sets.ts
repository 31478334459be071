import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/bazel-affected/debian-rule-sets');
const FETCH = join(import.meta.dirname, 'fetch-rule-sets-debian.sh');

/** A module as Debian packages it. */
interface Packaged {
  readonly package: string;
  /** Below `/usr/share/bazel`. */
  readonly folder: string;
  /** Versions that Bazel's own modules ask for; 100, which everything else has here, is higher. */
  readonly askedFor?: readonly string[];
}

const MODULES = {
  aspect_bazel_lib: { package: 'bazel-aspect-bazel-lib', folder: 'tools/aspect_bazel_lib' },
  bazel_features: { package: 'bazel-features', folder: 'tools/features' },
  bazel_lib: { package: 'bazel-lib', folder: 'tools/bazel_lib' },
  bazel_skylib: { package: 'bazel-skylib', folder: 'tools/skylib' },
  platforms: { package: 'bazel-platforms', folder: 'tools/platforms', askedFor: ['0.0.7', '0.0.9'] },
  rules_cc: { package: 'bazel-rules-cc', folder: 'rules/cc', askedFor: ['0.0.11'] },
  rules_java: { package: 'bazel-rules-java', folder: 'rules/java', askedFor: ['7.6.5'] },
  rules_license: { package: 'bazel-rules-license', folder: 'rules/license', askedFor: ['0.0.3'] },
  rules_pkg: { package: 'bazel-rules-pkg', folder: 'rules/pkg' },
  rules_proto: { package: 'bazel-rules-proto', folder: 'rules/proto', askedFor: ['4.0.0'] },
  rules_python: { package: 'bazel-rules-python', folder: 'rules/python', askedFor: ['0.22.1'] },
  rules_shell: { package: 'bazel-rules-shell', folder: 'rules/shell' },
  stardoc: { package: 'bazel-stardoc', folder: 'tools/stardoc' },
} as const satisfies Readonly<Record<string, Packaged>>;

/** The archives with the tools of rules_java, which bring their own BUILD files and which only the network has. */
const JAVA_TOOLS = ['', '_darwin_arm64', '_darwin_x86_64', '_linux', '_windows'].map(
  (platform) => `remote_java_tools${platform}`,
);

/** The name of a rule set that Debian packages. */
export type RuleSet = keyof typeof MODULES;

/** The version that all rule sets have in the registry, whatever Debian has: tests name it. */
export const VERSION = '100';

/** An edit of a rule set: for each path, a text that must be there, and what takes its place. */
export type SourceEdits = Readonly<Record<string, readonly [text: string, instead: string]>>;

/**
 * A Bazel registry in a folder, which serves the rule sets that Debian packages, and further versions of them. All that
 * it serves lies in folders, so Bazel needs no network.
 */
export class RuleSetRegistry {
  private readonly sources: string;

  /**
   * @param folder of its own
   * @throws if the packages cannot be had
   */
  constructor(private readonly folder: string) {
    const packages = Object.values(MODULES).map((module) => module.package);
    // What it says about packages that cannot be had is what the failing test shows.
    execFileSync(FETCH, [CACHE, ...packages], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
    this.sources = join(CACHE, 'tree/usr/share/bazel');
    for (const [name, module] of ruleSets())
      for (const version of [VERSION, ...(module.askedFor ?? [])])
        this.serve(name, version, join(this.sources, module.folder));
    for (const name of JAVA_TOOLS) {
      mkdirSync(join(folder, name), { recursive: true });
      for (const file of ['REPO.bazel', 'BUILD.bazel']) writeFileSync(join(folder, name, file), '');
    }
  }

  /** Options for Bazel, as lines of an rc file. */
  get rcLines(): string {
    // Debian's Bazel overrides its own modules by folders. Without a path, an option takes such an override back.
    const overridden = ruleSets().map(([name]) => `common --override_module=${name}=`);
    const javaTools = JAVA_TOOLS.map(
      (name) => `common --override_repository=rules_java~~toolchains~${name}=${join(this.folder, name)}`,
    );
    return [`common --registry=file://${this.folder}`, ...overridden, ...javaTools, ''].join('\n');
  }

  /** Serves one more version of a rule set, in which some files have other texts. */
  release(name: RuleSet, version: string, edits: SourceEdits): void {
    const folder = join(this.folder, 'sources', name, version);
    cpSync(join(this.sources, MODULES[name].folder), folder, { recursive: true });
    for (const [path, [text, instead]] of Object.entries(edits)) {
      const before = readFileSync(join(folder, path), 'utf8');
      if (!before.includes(text)) throw new Error(`${name} as Debian has it has no '${text}' in ${path}.`);
      writeFileSync(
        join(folder, path),
        before.replace(text, () => instead),
      );
    }
    this.serve(name, version, folder);
  }

  private serve(name: string, version: string, path: string): void {
    const entry = join(this.folder, 'modules', name, version);
    mkdirSync(entry, { recursive: true });
    const text = readFileSync(join(path, 'MODULE.bazel'), 'utf8');
    writeFileSync(join(entry, 'MODULE.bazel'), withVersions(text, version));
    writeFileSync(join(entry, 'source.json'), JSON.stringify({ type: 'local_path', path }));
  }
}

function ruleSets(): (readonly [string, Packaged])[] {
  return Object.entries(MODULES);
}

/** The text of a MODULE.bazel with this version, in which all that the registry serves is asked for in the version that it has. */
function withVersions(text: string, version: string): string {
  return text
    .replace(/\bmodule\([^)]*\)/, (call) => withVersion(call, version))
    .replace(/\bbazel_dep\([^)]*\)/g, (call) =>
      ruleSets().some(([name]) => call.includes(`"${name}"`)) ? withVersion(call, VERSION) : call,
    );
}

function withVersion(call: string, version: string): string {
  return call.replace(/\bversion = "[^"]*"/, `version = "${version}"`);
}
