// Directory and output, then the worker that this process will be.
#include "nodes/run/run_plan.hpp"

#include "actors/disk/sha256.hpp"
#include "messages/subject_tokens.hpp"
#include "nodes/run/run_precision.hpp"

namespace trainyard {

namespace {

namespace fs = std::filesystem;

result<fs::path> image_directory(const std::string& text) {
  std::error_code error;
  const auto path = fs::canonical(text, error);
  if (error)
    return fail(failure_kind::input_missing,
                "the directory '" + text + "' cannot be opened: " + error.message(),
                "give the path of a directory of images");
  if (!fs::is_directory(path, error))
    return fail(failure_kind::input_missing, "'" + text + "' is not a directory",
                "give the path of a directory of images");
  return path;
}

std::string session_id_of(const run_plan& plan) {
  const auto digest = to_hex(sha256_of(plan.directory.string() + "\n" + plan.worker.model.space_id));
  return "run-" + digest.substr(0, 16);
}

} // namespace

result<run_plan> plan_run(const std::string& directory, const settings& from) {
  run_plan plan;
  auto images = image_directory(directory);
  if (!images)
    return tl::unexpected(images.error());
  plan.directory = std::move(*images);
  plan.out = fs::absolute(from.path("run.out")).lexically_normal();
  auto worker = plan_worker(from);
  if (!worker)
    return tl::unexpected(worker.error());
  plan.worker = std::move(*worker);
  if (from.text("device.precision") == "auto") {
    auto precision = precision_of_run(plan.worker);
    if (!precision)
      return tl::unexpected(precision.error());
    plan.worker.precision = std::move(*precision);
    plan.worker.pool = pool_of(plan.worker.model.name, plan.worker.precision);
  }
  plan.session_id = session_id_of(plan);
  return plan;
}

} // namespace trainyard
