// All images are embedded before the verdict, so that the message names the worst one and how bad it is.
#include "actors/device/admission.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

#include "actors/device/model/cosine.hpp"

namespace trainyard {
namespace {

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.7f", value);
  return text;
}

result<void> check_set(const golden_set& golden, const model_identity& identity) {
  if (golden.images.empty() || golden.dim != identity.dim ||
      golden.vectors.size() != golden.images.size() * golden.dim)
    return fail(failure_kind::model_invalid,
                "a golden set of " + std::to_string(golden.images.size()) + " images and " +
                    std::to_string(golden.vectors.size()) + " numbers for a model of dim " +
                    std::to_string(identity.dim),
                "read it from the folder that the model is from");
  return {};
}

tl::unexpected<failure> refuse(const admission_outcome& outcome, const golden_set& golden,
                               const model_identity& identity) {
  const std::string another = "another --device, or another version of the driver or of LibTorch";
  return fail(failure_kind::device_not_admitted,
              "golden image " + std::to_string(outcome.worst) + " of " +
                  std::to_string(golden.images.size()) + " has cosine " + decimal(outcome.least_cosine) +
                  " to its reference in " + identity.precision + " and needs " +
                  decimal(least_admitted_cosine),
              (identity.precision == "fp32" ? "use " : "use --precision fp32, ") + another);
}

} // namespace

result<admission_outcome> admit(embedding_model& model, const golden_set& golden, std::size_t most_images,
                                const std::function<void()>& after_pass) {
  if (auto good = check_set(golden, model.identity()); !good)
    return tl::unexpected(good.error());
  const std::span<const float> reference = golden.vectors;
  admission_outcome outcome;
  for (std::size_t first = 0; first < golden.images.size();) {
    const auto images = std::span(golden.images).subspan(first);
    const auto now = images.first(std::clamp<std::size_t>(most_images, 1, images.size()));
    const auto rows = model.embed(now);
    after_pass();
    if (!rows)
      return tl::unexpected(rows.error());
    if (rows->size() != now.size() * golden.dim)
      return fail(failure_kind::forward_failed, "the model gave " + std::to_string(rows->size()) +
                                                    " numbers for " + std::to_string(now.size()) +
                                                    " golden images");
    for (std::size_t i = 0; i < now.size(); ++i) {
      const auto near = cosine(std::span(*rows).subspan(i * golden.dim, golden.dim),
                               reference.subspan((first + i) * golden.dim, golden.dim));
      if (!std::isfinite(near))
        return fail(failure_kind::vector_invalid, now[i].path + " gave a vector that is zero or not finite");
      if (near < outcome.least_cosine)
        outcome = {near, first + i};
    }
    first += now.size();
  }
  if (outcome.least_cosine < least_admitted_cosine)
    return refuse(outcome, golden, model.identity());
  return outcome;
}

} // namespace trainyard
