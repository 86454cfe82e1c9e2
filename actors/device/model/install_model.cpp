// Everything is written into a folder beside the final one, which one rename then makes the model.
#include "actors/device/model/install_model.hpp"

#include <array>
#include <span>
#include <string_view>

#include <nlohmann/json.hpp>

#include "actors/device/model/golden_reference.hpp"
#include "actors/device/model/hub_cache.hpp"
#include "actors/device/model/load_model.hpp"
#include "actors/device/model/model_config.hpp"
#include "actors/disk/durable_file.hpp"
#include "actors/disk/sha256.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

/// Beside the weights: configurations, and what a text tower will want.
constexpr std::array<std::string_view, 11> copied{"config.json",
                                                  "open_clip_config.json",
                                                  "preprocessor_config.json",
                                                  "processor_config.json",
                                                  "tokenizer.json",
                                                  "tokenizer_config.json",
                                                  "special_tokens_map.json",
                                                  "vocab.json",
                                                  "merges.txt",
                                                  "spiece.model",
                                                  "LICENSE"};

result<void> copy_durably(const fs::path& from, const fs::path& to) {
  std::error_code error;
  const auto real = fs::canonical(from, error); // the content, where the source is a link
  if (!error)
    fs::copy_file(real, to, error);
  if (error)
    return disk_failure("copying " + from.string(), to, error.value());
  auto file = durable_file::open_existing_or_new(to);
  if (!file)
    return tl::unexpected(file.error());
  return file->sync();
}

std::string record_of(const fs::path& source, const model_identity& identity, const std::string& golden) {
  const auto repository = repository_of_snapshot(source);
  nlohmann::ordered_json record{{"schema", 1},
                                {"source", repository.empty() ? source.string() : repository},
                                {"commit", commit_of_snapshot(source)},
                                {"space_id", identity.space_id},
                                {"weights_sha256", identity.weights_sha256},
                                {"golden_sha256", hex_sha256_of(std::as_bytes(std::span(golden)))}};
  return record.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

result<void> fill(const fs::path& folder, const fs::path& source, const model_config& config,
                  const model_identity& identity, const std::string& golden) {
  if (auto made = make_directories(folder); !made)
    return made;
  std::error_code error;
  for (const auto name : copied)
    if (fs::exists(source / name, error))
      if (auto done = copy_durably(source / name, folder / name); !done)
        return done;
  if (auto done = copy_durably(source / config.weights_file, folder / config.weights_file); !done)
    return done;
  if (auto done = replace_file(folder / "golden.safetensors", golden); !done)
    return done;
  return replace_file(folder / "trainyard.json", record_of(source, identity, golden));
}

result<installed_model> as_it_is(const fs::path& folder, const model_identity& wanted) {
  auto there = describe_model(folder);
  if (there && there->space_id == wanted.space_id)
    return installed_model{folder, std::move(*there), true};
  return fail(failure_kind::output_mismatch,
              folder.string() + " holds " + (there ? "another model" : "something else") + " of this name",
              "remove that folder first, or keep it and name the new model by its path");
}

} // namespace

std::string store_name_of(const fs::path& source) {
  const auto repository = repository_of_snapshot(source);
  return repository.empty() ? source.filename().string()
                            : repository.substr(repository.find("/") + 1); // npos + 1 is 0
}

result<installed_model> install_model(const fs::path& source, const std::string& name,
                                      const fs::path& store) {
  const auto config = read_model_config(source);
  if (!config)
    return tl::unexpected(config.error());
  const auto identity = describe_model(source);
  if (!identity)
    return tl::unexpected(identity.error());
  const auto folder = store / name;
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error)))
    return as_it_is(folder, *identity);
  const auto golden = golden_set_of(source);
  if (!golden)
    return tl::unexpected(golden.error());
  const auto partial = store / (".partial-" + name);
  fs::remove_all(partial, error);
  auto done = fill(partial, source, *config, *identity, golden_file_of(*golden, *identity));
  if (done)
    done = sync_directory(partial);
  if (done)
    done = rename_file(partial, folder);
  if (done)
    done = sync_directory(store);
  if (!done) {
    fs::remove_all(partial, error);
    return tl::unexpected(done.error());
  }
  auto installed = describe_model(folder); // what a disk gave back, not what was sent to it
  if (!installed)
    return tl::unexpected(installed.error());
  return installed_model{folder, std::move(*installed), false};
}

} // namespace trainyard
