import { fileNameOf } from '../../graph/folders.js';

/** A family of build systems and package managers. */
interface Ecosystem {
  /** Matches a word in the names of repositories with rules for it: `go` in `io_bazel_rules_go`. */
  readonly rules: RegExp;
  /** Matches the names of the files in which it declares dependencies. */
  readonly manifests: RegExp;
}

/**
 * Module extensions and repository rules often read these files although MODULE.bazel does not name them, so their
 * content decides what the external repositories are.
 */
const ECOSYSTEMS: readonly Ecosystem[] = [
  {
    rules:
      /^(js|javascript|node.*|npm.*|pnpm|yarn|bun|deno|typescript|ts|swc|webpack|esbuild|react|angular|svelte|vue)$/,
    manifests:
      /^(\.npmrc|\.pnpmfile\.cjs|\.yarnrc(\.yml)?|npm-shrinkwrap\.json|package(-lock)?\.json|pnpm-(lock|workspace)\.yaml|yarn\.lock|bun\.lockb?|deno\.(json|lock)|\.nvmrc|\.node-version)$/,
  },
  {
    rules: /^(go|golang|gazelle)$/,
    manifests: /^go\.(mod|sum|work|work\.sum)$/,
  },
  {
    rules: /^(rust.*|cargo.*|crates?)$/,
    manifests: /^(Cargo\.toml|cargo-bazel-lock\.json|rust-toolchain(\.toml)?)$|^[Cc]argo.*\.lock$/s,
  },
  {
    rules: /^(py.*|pip.*|uv|conda|poetry|wheels?|mypy|pex)$/,
    manifests:
      /^(\.python-version|Pipfile(\.lock)?|pdm\.lock|poetry\.lock|pyproject\.toml|setup\.(cfg|py)|uv\.lock|environment\.yml)$|requirements.*\.(txt|in)$/s,
  },
  {
    rules: /^(jvm|java|maven|gradle|kotlin|scala|clojure|groovy|android)$/,
    manifests:
      /^(pom\.xml|build\.gradle(\.kts)?|gradle\.(lockfile|properties)|libs\.versions\.toml|deps\.edn)$|[_-]install\.json$|maven.*\.json$/s,
  },
  { rules: /^(ruby|gems?|bundler?)$/, manifests: /^(\.ruby-version|Gemfile(\.lock)?)$/ },
  { rules: /^(php|composer)$/, manifests: /^composer\.(json|lock)$/ },
  { rules: /^(elixir|erlang|mix)$/, manifests: /^mix\.(exs|lock)$/ },
  {
    rules: /^(swift.*|apple|ios|xcode.*|cocoapods|pods)$/,
    manifests: /^(Package\.(swift|resolved)|Podfile(\.lock)?|Cartfile\.resolved)$/,
  },
  { rules: /^conan$/, manifests: /^(conanfile\.(py|txt)|conan\.lock)$/ },
  { rules: /^vcpkg$/, manifests: /^vcpkg\.json$/ },
  { rules: /^(buf|proto.*)$/, manifests: /^buf(\.gen|\.work)?\.(yaml|lock)$/ },
  { rules: /^(haskell|ghc|stack|cabal)$/, manifests: /^(stack\.yaml(\.lock)?|cabal\.project)$/ },
  {
    rules: /^(dotnet|nuget|paket|csharp)$/,
    manifests: /^(paket\.(dependencies|lock)|packages\.lock\.json)$/,
  },
  { rules: /^(nix|nixpkgs)$/, manifests: /^flake\.(lock|nix)$/ },
  // Many tools read the versions of languages here.
  { rules: /./, manifests: /^\.tool-versions$/ },
];

/** One expression for all, because every path of a revision is tested. */
const ANY_MANIFEST = new RegExp(ECOSYSTEMS.map(({ manifests }) => `(?:${manifests.source})`).join('|'), 's');

/** Matches repositories with rules that read no such file. */
const WITHOUT_MANIFESTS =
  /^(bazel_tools|bazel_skylib|platforms|bazel_features|bazel_lib|aspect_bazel_lib|rules_(cc|shell|pkg|oci|proto|license|foreign_cc|multitool|testing)|protobuf|googletest|stardoc|toolchains_llvm|hermetic_cc_toolchain|container_structure_test)$/;

/** Whether a file, in any folder, has a name of a file that extensions and repository rules are known to read. */
export function isDependencyManifest(path: string): boolean {
  return isManifestName(fileNameOf(path));
}

/** The same for a file name. */
export function isManifestName(name: string): boolean {
  return ANY_MANIFEST.test(name);
}

/**
 * Whether a file has a name of a file that the rules of some repositories are known to read by convention. Rules whose
 * name tells nothing may read every such file.
 *
 * @param repositories the names of the other repositories whose extensions and repository rules module files use
 */
export function isReadByConvention(path: string, repositories: ReadonlySet<string>): boolean {
  if (repositories.size === 0 || !isDependencyManifest(path)) return false;
  const name = fileNameOf(path);
  const readers = ECOSYSTEMS.filter(({ manifests }) => manifests.test(name));
  return [...repositories].some(
    (repository) =>
      !WITHOUT_MANIFESTS.test(repository) &&
      (readers.some((ecosystem) => isOfLanguage(repository, ecosystem)) || !isTelling(repository)),
  );
}

/** Whether the name of a repository tells for which ecosystems its rules are. */
function isTelling(repository: string): boolean {
  return ECOSYSTEMS.slice(0, -1).some((ecosystem) => isOfLanguage(repository, ecosystem));
}

function isOfLanguage(repository: string, { rules }: Ecosystem): boolean {
  return repository.split(/[_.~+-]/).some((word) => rules.test(word));
}
