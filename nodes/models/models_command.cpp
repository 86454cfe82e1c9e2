// Each command answers with a table for people or one JSON object for programs.
#include "nodes/models/models_command.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>

#include <nlohmann/json.hpp>

#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/install_model.hpp"
#include "actors/device/model/load_model.hpp"
#include "actors/device/model/model_config.hpp"
#include "actors/device/model/precision_trial.hpp"
#include "actors/device/model/text_model.hpp"
#include "config/device_defaults.hpp"
#include "config/load.hpp"
#include "config/places.hpp"
#include "nodes/client/columns.hpp"
#include "nodes/models/model_stores.hpp"
#include "nodes/program_path.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/worker/worker_plan.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;
using table = std::vector<std::vector<std::string>>;

int show(const settings& from, const json& object, const table& rows) {
  if (from.boolean("run.json"))
    return print(object.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
  return print(in_columns(rows));
}

std::string pixels_of(const image_spec& image) {
  return std::to_string(image.crop) + " px";
}

std::string preprocessing_of(const image_spec& image) {
  const std::string filter = image.filter == interpolation::bilinear ? "bilinear" : "bicubic";
  if (image.fit == image_fit::squash)
    return "squashed to " + pixels_of(image) + ", " + filter;
  return "shorter side to " + std::to_string(image.resize) + " px, " + filter + ", middle of " +
         pixels_of(image);
}

std::string decimal(double value, const char* format) {
  char text[48];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

int list(const settings& from) {
  const auto store = models_of(from);
  json models = json::array();
  table rows{{"MODEL", "ARCHITECTURE", "DIM", "IMAGE", "FOLDER"}};
  auto names = store.names();
  for (auto& name : store.hub().names())
    names.push_back(std::move(name));
  for (const auto& name : names) {
    const auto folder = store.resolve(name);
    const auto config =
        folder ? read_model_config(*folder) : result<model_config>(tl::unexpected(folder.error()));
    if (!config) {
      models.push_back({{"name", name}, {"error", config.error().cause}});
      rows.push_back({name, "unusable", "-", "-", config.error().cause});
      continue;
    }
    models.push_back({{"name", name},
                      {"architecture", config->architecture},
                      {"dim", config->dim},
                      {"pixels", config->image.crop},
                      {"folder", folder->string()}});
    rows.push_back({name, config->architecture, std::to_string(config->dim), pixels_of(config->image),
                    folder->string()});
  }
  if (names.empty() && !from.boolean("run.json"))
    return print("No model is installed; `trainyard models add PATH` installs one.\n");
  return show(from, {{"models", std::move(models)}}, rows);
}

/// The user's own folder, which comes last in the search, or the one that is set.
result<fs::path> store_folder(const settings& from) {
  const auto folders = model_folders(from, process_environment(), program_path());
  if (!from.is_auto("paths.models_dir") || folders.size() > 3)
    return fs::absolute(folders.back()).lexically_normal();
  return fail(failure_kind::usage, "there is no home folder to put a model into", "give --models-dir");
}

json identity_json(const model_identity& identity, const fs::path& folder) {
  return {{"name", identity.name},         {"folder", folder.string()},
          {"space_id", identity.space_id}, {"dim", identity.dim},
          {"pixels", identity.image.crop}, {"weights_sha256", identity.weights_sha256}};
}

table identity_rows(const model_identity& identity, const fs::path& folder) {
  return {{"model", identity.name},
          {"folder", folder.string()},
          {"space", identity.space_id},
          {"vectors", std::to_string(identity.dim) + " numbers, of length 1"},
          {"images", preprocessing_of(identity.image)},
          {"weights", "SHA-256 " + identity.weights_sha256}};
}

int add(const std::string& model, const settings& from) {
  const auto source = models_of(from).resolve(model);
  if (!source)
    return fail_with(source.error());
  const auto store = store_folder(from);
  if (!store)
    return fail_with(store.error());
  const auto installed = install_model(*source, store_name_of(*source), *store);
  if (!installed)
    return fail_with(installed.error());
  auto object = identity_json(installed->identity, installed->folder);
  object["was_there"] = installed->was_there;
  auto rows = identity_rows(installed->identity, installed->folder);
  rows.push_back({"golden", installed->was_there ? "as before" : "vectors of the golden images written"});
  return show(from, object, rows);
}

/// Whether the model embeds words, by having it do so.
void check_text(const fs::path& folder, json& object, table& rows) {
  const auto model = text_model::load(folder);
  const auto vector = model ? model->embed("a photo") : result<text_vector>(tl::unexpected(model.error()));
  if (vector) {
    object["text"] = {{"tokens", model->context()}};
    rows.push_back({"texts", "of up to " + std::to_string(model->context()) + " tokens"});
    return;
  }
  object["text"] = {{"error", vector.error().cause}};
  rows.push_back({"texts", "none: " + vector.error().cause});
}

int check(const std::string& model, const settings& from) {
  const auto folder = models_of(from).resolve(model);
  if (!folder)
    return fail_with(folder.error());
  const auto identity = describe_model(*folder);
  if (!identity)
    return fail_with(identity.error());
  const auto golden = golden_set_of(*folder);
  if (!golden)
    return fail_with(golden.error());
  load_options options;
  options.max_micro_batch = static_cast<std::uint32_t>(device_defaults_of("cpu").gpu_batch_size);
  options.cpu_threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const auto outcomes = try_precisions(*folder, {}, *golden, options);
  if (!outcomes)
    return fail_with(outcomes.error());
  auto object = identity_json(*identity, *folder);
  auto rows = identity_rows(*identity, *folder);
  check_text(*folder, object, rows);
  object["precisions"] = json::array();
  for (const auto& each : *outcomes) {
    object["precisions"].push_back({{"precision", each.precision},
                                    {"least_cosine", each.least_cosine},
                                    {"images_per_second", each.images_per_second}});
    rows.push_back({each.precision, "least cosine " + decimal(each.least_cosine, "%.7f") + " on " +
                                        std::to_string(golden->images.size()) + " golden images, " +
                                        decimal(each.images_per_second, "%.1f") + " images/s on this CPU"});
  }
  return show(from, object, rows);
}

} // namespace

bool is_models_command(std::string_view name) {
  return name.starts_with("models ");
}

int models_command(std::string_view name, const std::vector<std::string>& positionals, const settings& from) {
  if (name == "models add")
    return add(positionals.at(0), from);
  if (name == "models check")
    return check(positionals.at(0), from);
  return list(from);
}

} // namespace trainyard
