/**
 * Options of Bazel that take no value as a separate word, so that the next word is an option of its own: those that are
 * on or off, and those that stand for others. The list is from `bazel help flags-as-proto` of 7.7.1, for all commands
 * and for startup. Options that begin with `incompatible_` are left out, see below.
 */
const SWITCHES: ReadonlySet<string> = new Set(
  `
    action_cache action_cache_store_output_metadata all allow_analysis_cache_discard allow_analysis_failures
    allow_unresolved_symlinks always_profile_slow_operations analyze android_databinding_use_androidx
    android_databinding_use_v3_4_args android_fixed_resource_neverlinking android_migration_tag_check
    android_resource_shrinking announce announce_rc apple_generate_dsym async attempt_to_print_relative_paths
    autodetect_server_javabase batch batch_cpu_scheduling bes_best_effort bes_check_preceding_lifecycle_events
    bes_lifecycle_events block_for_lock break_build_on_parallel_dex2oat_failure build
    build_event_binary_file_path_conversion build_event_json_file_path_conversion
    build_event_publish_all_actions build_event_text_file_path_conversion build_manual_tests build_python_zip
    build_runfile_links build_runfile_manifests build_test_dwp build_tests_only cache_test_results
    canonicalize_policy check_bzl_visibility check_fileset_dependencies_recursively check_licenses
    check_tests_up_to_date check_up_to_date check_visibility client_debug collapse_duplicate_defines
    collect_code_coverage compile_one_dependency configure consistent_labels cycles debug_app
    debug_spawn_scheduler defer_param_files desugar_for_android desugar_java8_libs device_debug_entitlements
    direct_run disallow_strict_deps_for_jpl discard_actions_after_execution discard_analysis_cache dump_all
    emacs enable_bzlmod enable_fdo_profile_absolute_path enable_platform_specific_config enable_runfiles
    enable_workspace enforce_constraints enforce_proguard_file_extension
    enforce_transitive_configs_for_config_feature_flag execution_log_sort expand_configs_in_place
    expand_test_suites experimental_action_resource_set experimental_add_test_support_to_compile_time_deps
    experimental_allow_android_library_deps_without_srcs experimental_allow_project_files
    experimental_allow_runtime_deps_on_neverlink
    experimental_always_filter_duplicate_classes_from_android_test experimental_android_assume_minsdkversion
    experimental_android_compress_java_resources experimental_android_databinding_v2
    experimental_android_library_exports_manifest_default experimental_android_resource_cycle_shrinking
    experimental_android_resource_name_obfuscation experimental_android_resource_path_shortening
    experimental_android_resource_shrinking experimental_android_rewrite_dexes_with_rex
    experimental_android_use_parallel_dex2oat experimental_announce_profile_path
    experimental_bep_target_summary experimental_build_event_expand_filesets
    experimental_build_event_fully_resolve_fileset_symlinks experimental_build_transitive_python_runfiles
    experimental_builtins_dummy experimental_bzl_visibility experimental_cancel_concurrent_tests
    experimental_cc_implementation_deps experimental_cc_shared_library experimental_cc_static_library
    experimental_check_desugar_deps experimental_check_external_repository_files
    experimental_check_output_files experimental_collect_code_coverage_for_generated_files
    experimental_collect_load_average_in_profiler experimental_collect_local_action_metrics
    experimental_collect_local_sandbox_action_metrics experimental_collect_pressure_stall_indicators
    experimental_collect_resource_estimation experimental_collect_system_network_usage
    experimental_collect_worker_data_in_profiler experimental_convenience_symlinks
    experimental_convenience_symlinks_bep_event experimental_cpp_compile_resource_estimation
    experimental_create_py_symlinks experimental_debug_selects_always_succeed
    experimental_disable_external_package experimental_disable_instrumentation_manifest_merge
    experimental_disallow_legacy_java_toolchain_flags experimental_docker_privileged
    experimental_docker_use_customized_images experimental_docker_verbose experimental_dynamic_exclude_tools
    experimental_enable_android_migration_apis experimental_enable_aspect_hints
    experimental_enable_critical_path_profiling experimental_enable_docker_sandbox
    experimental_enable_execution_graph_log experimental_enable_jspecify experimental_enable_scl_dialect
    experimental_enable_starlark_doc_extract experimental_exec_config_diff
    experimental_execution_graph_enable_edges_from_filewrite_actions
    experimental_execution_graph_log_middleman experimental_explicit_aspects
    experimental_extended_sanity_checks experimental_extra_action_top_level_only
    experimental_fetch_all_coverage_outputs experimental_filter_library_jar_with_program_jar
    experimental_filter_r_jars_from_android_test experimental_force_gc_after_build
    experimental_generate_llvm_lcov experimental_genquery_use_graphless_query
    experimental_get_android_java_resources_from_optimized_jar experimental_google_legacy_api
    experimental_graphless_query experimental_guard_against_concurrent_changes
    experimental_include_default_values experimental_include_xcode_execution_requirements
    experimental_incremental_dexing_after_proguard_by_default experimental_inmemory_dotd_files
    experimental_inmemory_dotincludes_files experimental_inmemory_jdeps_files
    experimental_inmemory_sandbox_stashes experimental_inprocess_symlink_creation
    experimental_isolated_extension_usages experimental_j2objc_header_map
    experimental_j2objc_shorter_header_path experimental_java_header_input_pruning
    experimental_java_library_export experimental_java_proto_add_allowed_public_imports
    experimental_java_test_auto_create_deploy_jar experimental_limit_android_lint_to_android_constrained_java
    experimental_link_static_libraries_once experimental_local_java_optimizations
    experimental_local_lockfree_output experimental_materialize_param_files_directly
    experimental_merged_skyframe_analysis_execution experimental_objc_include_scanning
    experimental_objc_provider_from_linked experimental_omit_resources_info_provider_from_android_binary
    experimental_omitfp experimental_one_version_enforcement_use_transitive_jars_for_binary_under_test
    experimental_parallel_aquery_output experimental_parse_headers_skipped_if_corresponding_srcs_found
    experimental_persistent_aar_extractor experimental_platform_cc_test experimental_platform_in_output_dir
    experimental_platforms_api experimental_post_profile_started_event experimental_prefer_mutual_xcode
    experimental_process_wrapper_graceful_sigterm experimental_profile_action_counts
    experimental_profile_include_primary_output experimental_profile_include_target_label
    experimental_proto_descriptor_sets_include_source_info experimental_proto_extra_actions
    experimental_publish_package_metrics_in_bep experimental_python_import_all_repositories
    experimental_record_metrics_for_all_mnemonics experimental_remotable_source_manifests
    experimental_remote_cache_async experimental_remote_cache_lease_extension
    experimental_remote_discard_merkle_trees experimental_remote_downloader_local_fallback
    experimental_remote_execution_keepalive experimental_remote_mark_tool_inputs
    experimental_remote_merkle_tree_cache experimental_remote_require_cached
    experimental_remove_r_classes_from_instrumentation_test_jar experimental_repo_remote_exec
    experimental_repository_cache_hardlinks experimental_repository_cache_urls_as_default_canonical_id
    experimental_require_availability_info experimental_retain_test_configuration_across_testonly
    experimental_reuse_include_scanning_threads experimental_rule_extension_api
    experimental_run_android_lint_on_java_rules experimental_run_bep_event_include_residue
    experimental_sandboxfs_map_symlink_targets experimental_save_feature_state experimental_show_artifacts
    experimental_shrink_worker_pool experimental_sibling_repository_layout experimental_skip_ttvs_for_genquery
    experimental_skyframe_native_filesets experimental_skyframe_prepare_analysis
    experimental_skyframe_target_pattern_evaluator experimental_skylark_debug
    experimental_skylark_debug_verbose_logging experimental_spawn_scheduler
    experimental_split_coverage_postprocessing experimental_split_xml_generation
    experimental_starlark_cc_import experimental_stats_summary experimental_stream_log_file_uploads
    experimental_strict_fileset_output experimental_throttle_action_cache_check
    experimental_throttle_remote_action_building experimental_turbine_annotation_processing
    experimental_ui_debug_all_events experimental_unsupported_and_brittle_include_scanning
    experimental_use_cpp_compile_action_args_params_file experimental_use_dex_splitter_for_incremental_dexing
    experimental_use_event_based_build_completion_status experimental_use_fork_join_pool
    experimental_use_hermetic_linux_sandbox experimental_use_llvm_covmap
    experimental_use_platforms_in_output_dir_legacy_heuristic experimental_use_priority_in_analysis
    experimental_use_rtxt_from_merged_resources experimental_use_scheduling_middlemen
    experimental_use_semaphore_for_jobs experimental_use_validation_aspect experimental_use_windows_sandbox
    experimental_windows_watchfs experimental_worker_as_resource experimental_worker_cancellation
    experimental_worker_multiplex_sandboxing experimental_worker_sandbox_hardening
    experimental_worker_strict_flagfiles experimental_writable_outputs explicit_java_test_deps expunge
    expunge_async fat_apk_hwasan fatal_event_bus_exceptions fetch force force_ignore_dash_static force_pic
    generate_json_trace_profile gnu_format google_default_credentials graph:factored heap_dump_on_oom
    heuristically_drop_nodes home_rc host_jvm_debug idle_server_tasks ignore_all_rc_files
    ignore_dev_dependency ignore_unsupported_sandboxing implicit_deps include_artifacts include_aspects
    include_builtin include_commandline include_file_write_contents include_param_files include_unused
    incremental incremental_dexing infer_universe_scope instrument_test_targets interface_shared_objects
    internal_persistent_android_dex_desugar internal_persistent_busybox_tools
    internal_persistent_multiplex_android_dex_desugar internal_persistent_multiplex_busybox_tools
    internal_spawn_scheduler internal_starlark_flag_test_canary ios_memleaks isatty j2objc_dead_code_removal
    java_debug java_deps java_header_compilation jplPropagateCcLinkParamsStore
    keep_backend_build_event_connections_alive keep_going keep_state_after_build legacy_bazel_java_test
    legacy_external_runfiles legacy_important_outputs legacy_whole_archive line_terminator_null long
    materialize_param_files merge_android_manifest_permissions mobile_install_run_deployer nodep_deps
    noorder_results null objc_debug_with_GLIBCXX objc_enable_binary_stripping objc_generate_linkmap
    objc_use_dotd_pruning one_version_enforcement_on_java_tests order_results output_library_merged_assets
    output_tree_tracking packages persistent_android_dex_desugar persistent_android_resource_processor
    persistent_multiplex_android_dex_desugar persistent_multiplex_android_resource_processor
    persistent_multiplex_android_tools preemptible print_relative_test_log_paths
    process_headers_in_dependencies progress_in_terminal_title proto:default_values proto:definition_stack
    proto:flatten_selects proto:include_attribute_source_aspects proto:include_configurations
    proto:include_synthetic_attribute_hash proto:instantiation_stack proto:locations
    proto:rule_inputs_and_outputs record_full_profiler_data record_metrics_for_all_packages relative_locations
    remote_accept_cached remote_cache_compression remote_download_all remote_download_minimal
    remote_download_toplevel remote_local_fallback remote_upload_local_results remote_verify_downloads
    repository_disable_download reuse_sandbox_directories rewind_lost_inputs rule_classes rules run
    run_validations runs_per_test_detects_flakes sandbox_debug sandbox_default_allow_network
    sandbox_explicit_pseudoterminal sandbox_fake_hostname sandbox_fake_username save_temps share_native_deps
    short show_loading_progress show_make_env show_progress show_timestamps shutdown_on_low_sys_mem
    skip_incompatible_explicit_targets skyframe_state slim_profile split_apks split_bytecode_optimization_pass
    stamp start_app start_end_lib strict_deps_java_protos strict_filesets strict_system_includes
    strict_test_suite subcommands system_rc test_keep_going test_runner_fail_fast
    test_verbose_timeout_warnings tool_deps track_incremental_state trim_test_configuration unlimit_coredumps
    use_action_cache use_ijars use_target_platform_for_tests use_top_level_targets_for_symlinks verbose
    verbose_explanations verbose_failures verbose_test_summary watchfs windows_enable_symlinks
    worker_multiplex worker_quit_after_build worker_sandboxing worker_verbose workspace_rc write_command_log
    xml:default_values xml:line_numbers zip_undeclared_test_outputs
  `
    .trim()
    .split(/\s+/),
);

/** Whether an option never takes the next word as its value. False if that is not known. */
export function isSwitch(name: string): boolean {
  return [name, name.replace(/^no/, '')].some(
    (positive) =>
      SWITCHES.has(positive) || (positive.startsWith('incompatible_') && !TAKE_VALUES.has(positive)),
  );
}

/** The options that begin with `incompatible_` and take a value. */
const TAKE_VALUES: ReadonlySet<string> = new Set(['incompatible_autoload_externally']);

/** The long names of options that have a short one: `-k` is `--keep_going`. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['c', 'compilation_mode'],
  ['j', 'jobs'],
  ['k', 'keep_going'],
  ['s', 'subcommands'],
  ['t', 'cache_test_results'],
]);

/** An option with its long name: `-k` as `--keep_going`, and `-k-` as `--nokeep_going`. Other words stay as they are. */
export function withLongName(word: string): string {
  const [, short = '', off] = /^-([a-z])(-?)$/.exec(word) ?? [];
  const long = LONG_NAMES.get(short);
  return long === undefined ? word : `--${off === '-' ? 'no' : ''}${long}`;
}
