// Roots and output root resolved once; models looked up when a session names them.
#include "nodes/coordinator/coordinator_plan.hpp"

#include <ctime>
#include <mutex>

#include "actors/device/model/load_model.hpp"
#include "actors/disk/durable_file.hpp"
#include "config/list_value.hpp"
#include "config/load.hpp"
#include "config/places.hpp"
#include "messages/images.hpp"
#include "messages/subject_tokens.hpp"
#include "nodes/models/model_stores.hpp"
#include "nodes/nats/random_text.hpp"
#include "nodes/program_path.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

std::string time_of_day() {
  const auto seconds = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32] = {};
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

result<model_facts> look_up(const model_store& store, const std::string& model,
                            const std::string& precision) {
  if (!is_token(as_token(model)) || model.find('/') != std::string::npos)
    return fail(failure_kind::usage, "model is '" + model + "'",
                "give the name of a model in the model store; `trainyard models add` puts one there");
  const auto folder = store.resolve(model);
  if (!folder)
    return tl::unexpected(folder.error());
  const auto identity = describe_model(*folder);
  if (!identity)
    return tl::unexpected(identity.error());
  const auto used = precision == "auto" ? identity->precision : precision;
  return model_facts{identity->name, identity->space_id, identity->dim, used, pool_of(identity->name, used)};
}

/// Hashing a model's weights takes a while: once per name and precision, until the process ends.
class model_catalogue {
public:
  explicit model_catalogue(model_store store) : store_(std::move(store)) {}
  result<model_facts> operator()(const std::string& model, const std::string& precision) {
    const auto key = model + "\n" + precision;
    if (const auto known = known_.find(key); known != known_.end())
      return known->second;
    auto found = look_up(store_, model, precision);
    if (found)
      known_.emplace(key, *found);
    return found;
  }

private:
  model_store store_;
  std::map<std::string, model_facts> known_;
};

result<fs::path> output_root(const settings& from) {
  const auto path = fs::absolute(from.path("cluster.output_root")).lexically_normal();
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    return fail(failure_kind::output_unwritable,
                "the output root " + path.string() + " cannot be made: " + error.message(),
                "give another with --output-root");
  auto real = fs::canonical(path, error);
  if (error)
    return fail(failure_kind::output_unwritable, path.string() + ": " + error.message(),
                "give another with --output-root");
  return real;
}

result<void> add_roots(const settings& from, std::string_view key, const std::string& flag,
                       intake_rules& rules) {
  for (const auto& [name, path] : named_paths(from.list(key))) {
    if (name == upload_root_name)
      return fail(failure_kind::usage, flag + " names a root '" + name + "', as that of uploads is named",
                  "give the root another name");
    std::error_code error;
    auto real = fs::canonical(path, error);
    if (error || !fs::is_directory(real, error))
      return fail(failure_kind::input_missing,
                  "root " + name + ": " + path.string() + " is no directory that can be opened",
                  "correct " + flag + " " + name + "=PATH");
    if (!rules.roots.emplace(name, std::move(real)).second)
      return fail(failure_kind::usage, "two roots are named '" + name + "'", "give --root or --remote-root");
    if (key == "images.remote_root")
      rules.remote_roots.insert(name);
  }
  return {};
}

result<void> add_uploads(const settings& from, intake_rules& rules) {
  if (from.integer("images.upload_gigabytes") == 0)
    return {};
  const auto folder = rules.output_root / ".uploads";
  if (auto made = make_directories(folder); !made)
    return made;
  rules.upload_root = upload_root_name;
  rules.roots.emplace(upload_root_name, folder);
  rules.remote_roots.emplace(upload_root_name);
  return {};
}

} // namespace

upload_limits upload_limits_of(const settings& from) {
  constexpr std::uint64_t gigabyte = 1'000'000'000;
  return {static_cast<std::uint64_t>(from.integer("images.upload_gigabytes")) * gigabyte,
          static_cast<std::uint64_t>(from.integer("images.upload_images"))};
}

result<host_config> plan_coordinator(const settings& from, const std::string& node) {
  host_config config;
  config.node = node;
  config.owner = node + "-" + random_hex(8);
  config.most_sessions = static_cast<std::size_t>(from.integer("cluster.sessions"));
  config.now = time_of_day;
  config.fresh_id = [] { return "s-" + random_hex(8); };
  auto& rules = config.intake;
  if (auto added = add_roots(from, "cluster.root", "--root", rules); !added)
    return tl::unexpected(added.error());
  if (auto added = add_roots(from, "images.remote_root", "--remote-root", rules); !added)
    return tl::unexpected(added.error());
  if (rules.roots.empty() && from.integer("images.upload_gigabytes") == 0)
    return fail(failure_kind::usage, "no root is given, so there is nothing to read images from",
                "--root NAME=PATH, with the names that the cluster's workers use");
  auto out = output_root(from);
  if (!out)
    return tl::unexpected(out.error());
  rules.output_root = std::move(*out);
  if (auto added = add_uploads(from, rules); !added)
    return tl::unexpected(added.error());
  rules.model = from.text("run.model");
  rules.batch_size = static_cast<std::uint64_t>(from.integer("run.batch_size"));
  rules.shard_rows = static_cast<std::uint64_t>(from.integer("run.shard_rows"));
  rules.dtype = from.text("run.dtype");
  rules.precision = from.text("device.precision");
  const auto catalogue = std::make_shared<model_catalogue>(models_of(from));
  rules.describe_model = [catalogue](const std::string& model, const std::string& precision) {
    return (*catalogue)(model, precision);
  };
  return config;
}

} // namespace trainyard
