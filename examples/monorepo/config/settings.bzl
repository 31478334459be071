"""Build settings, so that the example needs no bazel_skylib."""

def _string_flag_impl(ctx):
    value = ctx.build_setting_value
    if value not in ctx.attr.values:
        fail("{} is '{}', but has to be one of: {}".format(ctx.label, value, ", ".join(ctx.attr.values)))
    return []

string_flag = rule(
    implementation = _string_flag_impl,
    build_setting = config.string(flag = True),
    attrs = {"values": attr.string_list(mandatory = True, doc = "The allowed values.")},
    doc = "A string option for the command line with a fixed set of values.",
)
