// Marks that stand in a text are those marks, as in the reference; what lies between them is encoded by
// itself.
#include "actors/device/text/clip_tokenizer.hpp"

#include <algorithm>

#include "actors/device/text/bpe_files.hpp"
#include "actors/device/text/clip_words.hpp"
#include "actors/device/text/unicode.hpp"

namespace trainyard {
namespace {

constexpr std::string_view start_mark = "<|startoftext|>";
constexpr std::string_view end_mark = "<|endoftext|>";
constexpr std::size_t marks = 2;

} // namespace

result<clip_tokenizer> clip_tokenizer::read(const std::filesystem::path& folder, std::size_t context) {
  const auto files = read_bpe_files(folder);
  if (!files)
    return tl::unexpected(files.error());
  const auto& ids = files->vocabulary.ids;
  auto pairs = byte_pairs::make(files->vocabulary);
  std::string missing = pairs ? "" : pairs.error();
  for (const auto mark : {start_mark, end_mark})
    if (missing.empty() && !ids.contains(std::string(mark)))
      missing = mark;
  if (!missing.empty())
    return fail(failure_kind::model_invalid,
                files->vocabulary_file.string() + " lacks the token '" + missing.substr(0, 60) + "'",
                "take vocabulary and merges from one and the same model's repository");
  return clip_tokenizer(std::move(*pairs), ids.size(), ids.at(std::string(start_mark)),
                        ids.at(std::string(end_mark)), context);
}

void clip_tokenizer::encode_part(std::string_view part, std::vector<std::int64_t>& ids) const {
  const auto text = lower_case(code_points_of(composed(part)).value());
  for (const auto word : clip_words(text))
    pairs_.encode(utf8_of(word), ids);
}

result<token_sequence> clip_tokenizer::tokenize(std::string_view text) const {
  if (auto good = check_text(text); !good)
    return tl::unexpected(good.error());
  token_sequence sequence{.ids = {start_}};
  while (!text.empty()) {
    const auto start = text.find(start_mark);
    const auto end = text.find(end_mark);
    const auto mark = std::min(start, end);
    encode_part(text.substr(0, mark), sequence.ids);
    if (mark == std::string_view::npos)
      break;
    sequence.ids.push_back(mark == start ? start_ : end_);
    text.remove_prefix(mark + (mark == start ? start_mark : end_mark).size());
  }
  sequence.text_tokens = sequence.ids.size() - 1;
  sequence.kept_tokens = std::min(sequence.text_tokens, context_ - marks);
  sequence.ids.resize(1 + sequence.kept_tokens);
  sequence.ids.push_back(end_);
  return sequence;
}

} // namespace trainyard
