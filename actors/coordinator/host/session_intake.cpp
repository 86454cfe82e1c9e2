// Every field in turn; paths by their text first, then as the disk has them.
#include "actors/coordinator/host/session_intake.hpp"

#include <algorithm>

#include "messages/subjects.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_batch_size = 1024;

template <class Number>
result<void> within(const char* what, const std::optional<Number>& value, double least, double most) {
  if (!value || (static_cast<double>(*value) >= least && static_cast<double>(*value) <= most))
    return {};
  return fail(failure_kind::usage, std::string(what) + " is " + std::to_string(*value),
              "give one from " + std::to_string(static_cast<std::uint64_t>(least)) + " to " +
                  std::to_string(static_cast<std::uint64_t>(most)));
}

result<void> one_of(const char* what, const std::optional<std::string>& value,
                    std::initializer_list<std::string_view> choices) {
  if (!value || std::ranges::find(choices, *value) != choices.end())
    return {};
  std::string all;
  for (const auto each : choices)
    all += (all.empty() ? "" : ", ") + std::string(each);
  return fail(failure_kind::usage, std::string(what) + " is '" + *value + "'", "give one of " + all);
}

result<void> check_numbers(const session_spec& spec) {
  if (spec.schema != wire_schema)
    return fail(failure_kind::message_invalid, "schema is " + std::to_string(spec.schema),
                "this coordinator speaks schema " + std::to_string(wire_schema));
  return within("batch_size", spec.batch_size, 1, most_batch_size)
      .and_then([&] { return within("gpu_batch_size", spec.gpu_batch_size, 1, most_batch_size); })
      .and_then([&] { return within("priority", spec.priority, 0, 2); })
      .and_then([&]() -> result<void> {
        if (!spec.weight || (*spec.weight >= 0.01 && *spec.weight <= 1000))
          return {};
        return fail(failure_kind::usage, "weight is " + std::to_string(*spec.weight),
                    "give one from 0.01 to 1000");
      })
      .and_then([&] {
        return one_of("precision", spec.precision, {"auto", "fp32", "bf16", "fp16"});
      })
      .and_then([&] {
        return one_of("dtype", spec.dtype, {"fp16", "fp32"});
      });
}

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

/// "" for ".", no "..", no empty steps; nothing where the path leaves its beginning.
std::optional<std::string> plain_relative(const std::string& text) {
  const auto path = fs::path(text).lexically_normal();
  if (has_nul(text) || path.is_absolute() || (!path.empty() && *path.begin() == ".."))
    return std::nullopt;
  auto plain = path.generic_string();
  while (plain.ends_with('/'))
    plain.pop_back();
  return plain == "." ? "" : plain;
}

/// Where `inside` lies below `root`, both with links resolved; nothing where it lies elsewhere.
std::optional<std::string> below(const fs::path& root, const fs::path& inside) {
  const auto relative = inside.lexically_relative(root); // "." where they are the same; empty: no way there
  return relative.empty() ? std::nullopt : plain_relative(relative.string());
}

tl::unexpected<failure> not_there(const std::string& directory, const std::string& why) {
  return fail(failure_kind::input_missing, "the directory '" + directory + "' cannot be opened: " + why,
              "give a directory as the coordinator sees it");
}

result<fs::path> resolved_directory(const fs::path& path) {
  std::error_code error;
  auto real = fs::canonical(path, error);
  if (error)
    return not_there(path.string(), error.message());
  if (!fs::is_directory(real, error))
    return not_there(path.string(), "it is no directory");
  return real;
}

} // namespace

result<session_intake::place> session_intake::locate_absolute(const fs::path& directory) const {
  auto real = resolved_directory(directory);
  if (!real)
    return tl::unexpected(real.error());
  std::optional<place> best; // of nested roots the innermost
  for (const auto& [name, path] : rules_.roots)
    if (auto inside = below(path, *real); inside && (!best || inside->size() < best->directory.size()))
      best = place{name, *inside};
  if (best)
    return *best;
  return fail(failure_kind::asset_outside_root,
              "'" + directory.string() + "' is inside none of this coordinator's roots",
              "start the coordinator with --root NAME=PATH for a folder that holds it");
}

/// What a job may leave out, as there is no choice.
std::optional<std::string> session_intake::only_root() const {
  std::optional<std::string> only;
  for (const auto& [name, path] : rules_.roots)
    if (name != rules_.upload_root) {
      if (only)
        return std::nullopt;
      only = name;
    }
  return only;
}

bool session_intake::is_among_uploads(const fs::path& out) const {
  const auto uploads = rules_.roots.find(rules_.upload_root);
  return uploads != rules_.roots.end() && below(uploads->second, out);
}

result<session_intake::place> session_intake::locate(const session_spec& spec) const {
  const auto& text = spec.training_directory;
  if (text.empty() || has_nul(text))
    return fail(failure_kind::usage, "training_directory is empty or holds a zero byte",
                "give a directory; \".\" is the root itself");
  if (fs::path(text).is_absolute() && !spec.root)
    return locate_absolute(text);
  auto name = spec.root;
  if (!name)
    name = only_root();
  if (!name)
    return fail(failure_kind::usage, "'" + text + "' is relative, and no root is named",
                "name one of this coordinator's roots");
  const auto root = rules_.roots.find(*name);
  if (root == rules_.roots.end())
    return fail(failure_kind::input_missing, "this coordinator has no root named '" + *name + "'",
                "start it with --root " + *name + "=PATH");
  const auto real = resolved_directory(root->second / fs::path(text)); // an absolute text replaces the root
  if (!real)
    return tl::unexpected(real.error());
  const auto inside = below(root->second, *real);
  if (!inside)
    return fail(failure_kind::asset_outside_root, "'" + text + "' leads out of root '" + *name + "'",
                "give a directory inside the root");
  return place{*name, *inside};
}

result<fs::path> session_intake::output_of(const std::string& asked) const {
  const auto plain = plain_relative(asked);
  if (!plain || plain->empty())
    return fail(failure_kind::usage, "output is '" + asked + "'",
                "give a relative path; it is made below the coordinator's output root");
  const auto out = rules_.output_root / *plain;
  std::error_code error;
  const auto real = fs::weakly_canonical(out, error); // a link on the way may lead elsewhere
  if (error || !below(fs::weakly_canonical(rules_.output_root, error), real))
    return fail(failure_kind::asset_outside_root, "output '" + asked + "' leads out of the output root",
                "give a path that stays inside");
  if (is_among_uploads(real))
    return fail(failure_kind::usage, "output '" + asked + "' is where uploaded images are kept",
                "give another path");
  return out;
}

result<session_record> session_intake::accept(session_spec spec, const std::string& session,
                                              const std::string& now) const {
  if (!is_token(session))
    return fail(failure_kind::usage, "session_id is '" + session + "'",
                "use 1 to 64 of letters, digits, - and _");
  if (auto good = check_numbers(spec); !good)
    return tl::unexpected(good.error());
  const auto where = locate(spec);
  if (!where)
    return tl::unexpected(where.error());
  const auto out = output_of(spec.output.value_or(session));
  if (!out)
    return tl::unexpected(out.error());
  const auto model =
      rules_.describe_model(spec.model.value_or(rules_.model), spec.precision.value_or(rules_.precision));
  if (!model)
    return tl::unexpected(model.error());
  session_record record;
  spec.session_id = session;
  spec.root = where->root;
  spec.training_directory = where->directory.empty() ? "." : where->directory;
  spec.model = spec.model.value_or(rules_.model);
  spec.batch_size = spec.batch_size.value_or(rules_.batch_size);
  spec.precision = model->precision;
  spec.priority = spec.priority.value_or(1);
  spec.weight = spec.weight.value_or(1);
  spec.output = spec.output.value_or(session);
  spec.dtype = spec.dtype.value_or(rules_.dtype);
  record.pool = model->pool;
  record.remote = rules_.remote_roots.contains(where->root);
  record.wanted = "running";
  auto& status = record.status;
  status.session_id = session;
  status.state = "queued";
  status.submitted_at = now;
  status.root = where->root;
  status.training_directory = spec.training_directory;
  status.model = model->name;
  status.priority = *spec.priority;
  status.weight = *spec.weight;
  status.output = out->string();
  record.spec = std::move(spec);
  return record;
}

result<session_config> session_intake::configure(const session_record& record) const {
  const auto& spec = record.spec;
  const auto where = locate(spec);
  if (!where)
    return tl::unexpected(where.error());
  const auto out = output_of(spec.output.value_or(record.status.session_id));
  if (!out)
    return tl::unexpected(out.error());
  if (!record.status.output.empty() && record.status.output != out->string())
    return fail(failure_kind::output_mismatch,
                "the session's output is " + record.status.output + ", and this coordinator would write to " +
                    out->string(),
                "give all coordinators the same --output-root");
  const auto model =
      rules_.describe_model(spec.model.value_or(rules_.model), spec.precision.value_or(rules_.precision));
  if (!model)
    return tl::unexpected(model.error());
  session_config config;
  config.session_id = record.status.session_id;
  config.takes_folders_id = false; // the registry, the queues and clients know it by this one
  config.directory = rules_.roots.at(where->root) / where->directory;
  config.out = *out;
  config.root = where->root;
  config.remote = rules_.remote_roots.contains(where->root);
  config.directory_in_root = where->directory;
  config.model = model->name;
  config.space_id = model->space_id;
  config.dim = model->dim;
  config.precision = model->precision;
  config.dtype = spec.dtype.value_or(rules_.dtype);
  config.batch_size = spec.batch_size.value_or(rules_.batch_size);
  config.gpu_batch_size = static_cast<std::uint32_t>(spec.gpu_batch_size.value_or(0));
  config.shard_rows = rules_.shard_rows;
  config.prune = spec.prune.value_or(false);
  config.retry_failed = record.retry_failed.value_or(false);
  config.pool = model->pool;
  config.priority = static_cast<int>(spec.priority.value_or(1));
  return config;
}

} // namespace trainyard
