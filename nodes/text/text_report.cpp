// The same vectors in three forms; none is rounded but in the table, which is for looking at.
#include "nodes/text/text_report.hpp"

#include <array>
#include <cstdio>

#include "actors/coordinator/output/npy_file.hpp"
#include "messages/json_codec.hpp"
#include "nodes/client/columns.hpp"

namespace trainyard {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t shown_numbers = 4;

std::string shown(const text_vector& vector) {
  std::string text;
  for (std::size_t i = 0; i < std::min(shown_numbers, vector.numbers.size()); ++i) {
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "%+.4f ", static_cast<double>(vector.numbers[i]));
    text += number.data();
  }
  return text + "...";
}

} // namespace

std::string cut_notice(const std::string& text, const text_vector& vector) {
  if (vector.kept_tokens == vector.text_tokens)
    return {};
  constexpr std::size_t most_bytes = 60;
  return "'" + printable_utf8(text.substr(0, most_bytes)) + (text.size() > most_bytes ? "..." : "") +
         "' has " + std::to_string(vector.text_tokens) + " tokens, of which the model reads the first " +
         std::to_string(vector.kept_tokens) + "; the rest does not count.";
}

std::string texts_json(const std::vector<embedded_text>& texts, const model_identity& model,
                       const std::filesystem::path& written_to) {
  auto list = json::array();
  for (const auto& [text, vector] : texts) {
    json each{
        {"text", printable_utf8(text)}, {"tokens", vector.text_tokens}, {"tokens_read", vector.kept_tokens}};
    if (written_to.empty())
      each["vector"] = vector.numbers;
    list.push_back(std::move(each));
  }
  json answer{{"schema", 1},
              {"model", printable_utf8(model.name)},
              {"space_id", model.space_id},
              {"dim", model.dim},
              {"texts", std::move(list)}};
  if (!written_to.empty())
    answer["output"] = printable_utf8(written_to.string());
  return answer.dump() + "\n";
}

std::string texts_table(const std::vector<embedded_text>& texts, const model_identity& model,
                        const std::filesystem::path& written_to) {
  std::vector<std::vector<std::string>> rows{{"TOKENS", "VECTOR", "TEXT"}};
  for (const auto& [text, vector] : texts)
    rows.push_back({std::to_string(vector.text_tokens), shown(vector), text});
  auto about = std::to_string(model.dim) + " numbers each, of space " + model.space_id;
  if (!written_to.empty())
    about += ", in " + printable_utf8(written_to.string());
  return in_columns(rows) + about + "\n";
}

std::string texts_npy(const std::vector<embedded_text>& texts, const model_identity& model) {
  auto bytes = npy_header(texts.size(), model.dim, "fp32");
  for (const auto& each : texts)
    bytes.append(reinterpret_cast<const char*>(each.vector.numbers.data()),
                 each.vector.numbers.size() * sizeof(float));
  return bytes;
}

} // namespace trainyard
