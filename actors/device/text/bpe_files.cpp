// Every number is held against the size of the vocabulary before it is used.
#include "actors/device/text/bpe_files.hpp"

#include <nlohmann/json.hpp>

#include "actors/device/text/vocabulary_file.hpp"
#include "messages/json_codec.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// A token for a message: short, and safe for a terminal.
std::string quoted(const std::string& token) {
  return "'" + printable_utf8(token.substr(0, 60)) + "'";
}

result<json> object_in(const fs::path& file) {
  const auto text = read_vocabulary_file(file);
  if (!text)
    return tl::unexpected(text.error());
  auto parsed = json::parse(*text, nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object())
    return refuse_vocabulary(file, "is no JSON object");
  return parsed;
}

using token_ids = std::unordered_map<std::string, std::int64_t>;

result<token_ids> ids_of(const fs::path& file, const json& vocabulary) {
  if (!vocabulary.is_object() || vocabulary.empty() || vocabulary.size() > most_tokens)
    return refuse_vocabulary(file, "has no vocabulary of 1 to " + std::to_string(most_tokens) + " tokens");
  token_ids ids;
  ids.reserve(vocabulary.size());
  std::vector<bool> taken(vocabulary.size());
  for (const auto& [token, id] : vocabulary.items()) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= vocabulary.size())
      return refuse_vocabulary(file, "gives token " + quoted(token) + " the id " + id.dump().substr(0, 40) +
                                         ", which is none of 0 to " + std::to_string(vocabulary.size() - 1));
    const auto number = id.get<std::size_t>();
    if (taken[number])
      return refuse_vocabulary(file, "gives the id " + std::to_string(number) +
                                         " to two tokens, one of them " + quoted(token));
    taken[number] = true;
    ids.emplace(token, static_cast<std::int64_t>(number));
  }
  return ids;
}

using merge_list = std::vector<std::pair<std::string, std::string>>;

/// "in g</w>"; nothing for another form.
std::optional<std::pair<std::string, std::string>> merge_of(std::string_view line) {
  const auto space = line.find(' ');
  if (space == 0 || space == std::string_view::npos || space + 1 == line.size() ||
      line.find(' ', space + 1) != std::string_view::npos)
    return std::nullopt;
  return std::pair{std::string(line.substr(0, space)), std::string(line.substr(space + 1))};
}

result<merge_list> merges_in(const fs::path& file) {
  const auto text = read_vocabulary_file(file);
  if (!text)
    return tl::unexpected(text.error());
  merge_list merges;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.starts_with("#version") || line.empty())
      continue;
    auto merge = merge_of(line);
    if (!merge || merges.size() == most_tokens)
      return refuse_vocabulary(file, "has in line " + std::to_string(number) +
                                         " no two tokens with a space between: " + quoted(std::string(line)));
    merges.push_back(std::move(*merge));
  }
  return merges;
}

/// tokenizer.json has them as "in g</w>" or as ["in", "g</w>"].
result<merge_list> merges_of(const fs::path& file, const json& list) {
  if (!list.is_array() || list.size() > most_tokens)
    return refuse_vocabulary(file, "has no list of merges");
  merge_list merges;
  merges.reserve(list.size());
  for (const auto& each : list) {
    const bool two = each.is_array() && each.size() == 2 && each[0].is_string() && each[1].is_string();
    auto merge = two                ? std::pair{each[0].get<std::string>(), each[1].get<std::string>()}
                 : each.is_string() ? merge_of(each.get_ref<const std::string&>())
                                    : std::optional<std::pair<std::string, std::string>>();
    if (!merge)
      return refuse_vocabulary(file,
                               "has among its merges what is none: " +
                                   each.dump(-1, ' ', true, json::error_handler_t::replace).substr(0, 60));
    merges.push_back(std::move(*merge));
  }
  return merges;
}

result<bpe_vocabulary> vocabulary_of(result<token_ids> ids, result<merge_list> merges) {
  if (!ids)
    return tl::unexpected(std::move(ids.error()));
  if (!merges)
    return tl::unexpected(std::move(merges.error()));
  return bpe_vocabulary{std::move(*ids), std::move(*merges)};
}

result<bpe_vocabulary> read_two_files(const fs::path& vocabulary, const fs::path& merges) {
  const auto object = object_in(vocabulary);
  if (!object)
    return tl::unexpected(object.error());
  return vocabulary_of(ids_of(vocabulary, *object), merges_in(merges));
}

result<bpe_vocabulary> read_one_file(const fs::path& file) {
  const auto object = object_in(file);
  if (!object)
    return tl::unexpected(object.error());
  const auto model = object->value("model", json());
  const auto is = [&](const char* key, const char* wanted) {
    const auto found = model.find(key);
    return found != model.end() && found->is_string() && *found == wanted;
  };
  if (!model.is_object() || !is("end_of_word_suffix", "</w>") ||
      (model.contains("type") && !is("type", "BPE")))
    return refuse_vocabulary(file, "is of another tokenizer than CLIP's");
  return vocabulary_of(ids_of(file, model.value("vocab", json())),
                       merges_of(file, model.value("merges", json())));
}

} // namespace

result<bpe_files> read_bpe_files(const fs::path& folder) {
  std::error_code error;
  const auto has = [&](const char* name) { return fs::exists(folder / name, error); };
  const bool two = has("vocab.json") && has("merges.txt");
  if (!two && !has("tokenizer.json"))
    return fail(failure_kind::model_missing,
                folder.string() + " has neither vocab.json with merges.txt nor tokenizer.json",
                "put the tokenizer's files from the model's repository into that folder");
  const auto file = folder / (two ? "vocab.json" : "tokenizer.json");
  auto vocabulary = two ? read_two_files(file, folder / "merges.txt") : read_one_file(file);
  if (!vocabulary)
    return tl::unexpected(std::move(vocabulary.error()));
  return bpe_files{file, std::move(*vocabulary)};
}

} // namespace trainyard
