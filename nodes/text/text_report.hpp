// Vectors of texts, for people, for programs, and as a file of numpy.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "actors/device/model/text_model.hpp"

namespace trainyard {

struct embedded_text {
  std::string text;
  text_vector vector;
};

/// What is said of a text of which the tower has read the beginning alone; empty: it has read it all.
[[nodiscard]] std::string cut_notice(const std::string& text, const text_vector& vector);

/// One line that ends in '\n' (docs/search.md has its fields). With `written_to`, where the vectors are, they
/// are not in it.
[[nodiscard]] std::string texts_json(const std::vector<embedded_text>& texts, const model_identity& model,
                                     const std::filesystem::path& written_to);
[[nodiscard]] std::string texts_table(const std::vector<embedded_text>& texts, const model_identity& model,
                                      const std::filesystem::path& written_to);
/// The bytes of an .npy file, float32, a row per text.
[[nodiscard]] std::string texts_npy(const std::vector<embedded_text>& texts, const model_identity& model);

} // namespace trainyard
