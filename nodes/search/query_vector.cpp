// The model is looked up by the name that the folder knows it by, and held to the folder's space id.
#include "nodes/search/query_vector.hpp"

#include <algorithm>
#include <thread>

#include "actors/device/model/lane_set.hpp"
#include "actors/device/model/load_model.hpp"
#include "actors/device/model/model_store.hpp"
#include "actors/device/model/text_model.hpp"
#include "config/load.hpp"
#include "config/places.hpp"
#include "nodes/program_path.hpp"
#include "nodes/search/picture_reader.hpp"
#include "nodes/text/text_report.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

result<fs::path> model_folder(const vector_folder& folder, const settings& from) {
  const model_store store(model_folders(from, process_environment(), program_path()));
  auto found = store.resolve(from.is_given("run.model") ? from.text("run.model") : folder.model);
  if (!found && !from.is_given("run.model"))
    return fail(found.error().kind,
                "the folder was made with model '" + folder.model + "': " + found.error().cause,
                "give that model's folder: --model FOLDER");
  return found;
}

result<void> same_space(const model_identity& model, const fs::path& where, const vector_folder& folder) {
  if (model.space_id == folder.space_id && model.dim == folder.dim)
    return {};
  return fail(
      failure_kind::output_mismatch,
      "the vectors of " + folder.root.string() + " are of space " + folder.space_id + " (model " +
          folder.model + "), and the model in " + where.string() + " is of space " + model.space_id,
      "search with the model that made the folder (--model NAME or FOLDER), or embed the images anew");
}

result<query_vector> embed_image(const std::string& path, const fs::path& where, const vector_folder& folder,
                                 const settings& from) {
  const auto identity = describe_model(where);
  if (!identity)
    return tl::unexpected(identity.error());
  if (auto same = same_space(*identity, where, folder); !same)
    return tl::unexpected(same.error());
  load_options options;
  options.precision = "fp32";
  options.max_micro_batch = 1;
  auto model = load_device_model(where, device_spec{}, options);
  if (!model)
    return tl::unexpected(model.error());
  auto reader = picture_reader::make((*model)->identity().image, from);
  if (!reader)
    return tl::unexpected(reader.error());
  const auto image = (*reader)->read_file(path);
  if (!image)
    return tl::unexpected(image.error());
  auto vector = (*model)->embed({&*image, 1});
  if (!vector)
    return tl::unexpected(vector.error());
  return query_vector{std::move(*vector)};
}

result<query_vector> embed_words(const std::string& words, const fs::path& where,
                                 const vector_folder& folder) {
  const auto model =
      text_model::load(where, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  if (!model)
    return tl::unexpected(model.error());
  if (auto same = same_space(model->identity(), where, folder); !same)
    return tl::unexpected(same.error());
  auto vector = model->embed(words);
  if (!vector)
    return tl::unexpected(vector.error());
  auto notice = cut_notice(words, *vector);
  return query_vector{std::move(vector->numbers), std::move(notice)};
}

} // namespace

result<query_vector> vector_of(const search_query& query, const vector_folder& folder, const settings& from) {
  const auto where = model_folder(folder, from);
  if (!where)
    return tl::unexpected(where.error());
  auto vector = query.kind == search_query::of::image ? embed_image(query.text, *where, folder, from)
                                                      : embed_words(query.text, *where, folder);
  if (vector && vector->numbers.size() != folder.dim)
    return fail(failure_kind::internal, "the model gave " + std::to_string(vector->numbers.size()) +
                                            " numbers, not " + std::to_string(folder.dim));
  return vector;
}

} // namespace trainyard
