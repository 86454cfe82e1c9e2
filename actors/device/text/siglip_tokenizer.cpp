// What surprises in here is the reference's: texts are encoded behind "<unk>", whose own pieces are cut off
// again.
#include "actors/device/text/siglip_tokenizer.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <sentencepiece_processor.h>

#include "actors/device/text/unicode.hpp"
#include "actors/device/text/vocabulary_file.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view end_mark = "</s>";
constexpr std::string_view unknown_mark = "<unk>";
constexpr std::string_view word_mark = "\xE2\x96\x81"; // U+2581, SentencePiece's blank

/// Python counts the four separators of ASCII among white space, Unicode does not.
bool is_blank(char32_t character) {
  return is_white_space(character) || (character >= 0x1C && character <= 0x1F);
}

bool is_punctuation(char32_t character) {
  return (character >= '!' && character <= '/') || (character >= ':' && character <= '@') ||
         (character >= '[' && character <= '`') || (character >= '{' && character <= '~');
}

std::string without_blanks_at(std::string_view text, bool front, bool back) {
  auto characters = code_points_of(text).value();
  if (front)
    characters.erase(characters.begin(), std::ranges::find_if_not(characters, is_blank));
  while (back && !characters.empty() && is_blank(characters.back()))
    characters.pop_back();
  return utf8_of(characters);
}

std::string with_blanks_for_word_marks(std::string text) {
  for (auto at = text.find(word_mark); at != std::string::npos; at = text.find(word_mark, at))
    text.replace(at, word_mark.size(), " ");
  return text;
}

/// A text cut at the marks that stand in it.
struct text_part {
  std::string text;
  bool is_mark = false;
};

std::vector<text_part> parts_of(std::string_view text) {
  std::vector<text_part> parts;
  while (!text.empty()) {
    const auto end = text.find(end_mark);
    const auto unknown = text.find(unknown_mark);
    const auto at = std::min(end, unknown);
    if (at > 0)
      parts.push_back({std::string(text.substr(0, at))});
    if (at == std::string_view::npos)
      break;
    const auto mark = at == end ? end_mark : unknown_mark;
    parts.push_back({std::string(mark), true});
    text.remove_prefix(at + mark.size());
  }
  for (std::size_t i = 0; i < parts.size(); ++i) { // marks take the blanks around them
    const bool after = i > 0 && parts[i - 1].is_mark;
    const bool before = i + 1 < parts.size() && parts[i + 1].is_mark;
    if (!parts[i].is_mark && (after || before))
      parts[i].text = without_blanks_at(parts[i].text, after, before);
  }
  return parts;
}

/// "</s>", or what tokenizer_config.json says, as a text or as an object with its content.
result<std::string> padding_in(const fs::path& folder) {
  const auto file = folder / "tokenizer_config.json";
  std::error_code error;
  if (!fs::exists(file, error))
    return std::string(end_mark);
  const auto text = read_vocabulary_file(file);
  if (!text)
    return tl::unexpected(text.error());
  const auto config = nlohmann::json::parse(*text, nullptr, false);
  if (!config.is_object())
    return refuse_vocabulary(file, "is no JSON object");
  auto token = config.value("pad_token", nlohmann::json());
  if (token.is_object())
    token = token.value("content", nlohmann::json());
  if (token.is_null())
    return std::string(end_mark);
  if (!token.is_string())
    return refuse_vocabulary(file, "has a 'pad_token' that is no text");
  return token.get<std::string>();
}

} // namespace

struct siglip_tokenizer::state {
  sentencepiece::SentencePieceProcessor pieces;
  std::size_t context = 0;
  std::int64_t end = 0;
  std::int64_t padding = 0;
  std::size_t unknown_pieces = 0; ///< that "<unk>" itself is encoded to

  [[nodiscard]] std::vector<std::string> encoded(const std::string& text) const {
    std::vector<std::string> found;
    if (const auto status = pieces.Encode(text, &found); !status.ok())
      found.clear(); // of valid UTF-8 it never is
    return found;
  }
  void append(const std::string& text, std::vector<std::string>& to) const {
    auto found = encoded(std::string(unknown_mark) + canonical_text(text));
    if (found.size() >= unknown_pieces)
      found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(unknown_pieces));
    std::ranges::move(found, std::back_inserter(to));
  }
};

std::string canonical_text(std::string_view part) {
  auto text = lower_case_in_words(code_points_of(part).value());
  std::erase_if(text, is_punctuation);
  std::u32string single;
  for (const auto character : text)
    if (!is_blank(character))
      single += character;
    else if (!single.empty() && single.back() != U' ')
      single += U' ';
  if (single.ends_with(U' '))
    single.pop_back();
  return utf8_of(single);
}

siglip_tokenizer::siglip_tokenizer(std::unique_ptr<const state> made) : state_(std::move(made)) {}
siglip_tokenizer::siglip_tokenizer(siglip_tokenizer&&) noexcept = default;
siglip_tokenizer::~siglip_tokenizer() = default;

result<siglip_tokenizer> siglip_tokenizer::read(const fs::path& folder, std::size_t context) {
  const auto file = folder / "spiece.model";
  std::error_code error;
  if (!fs::exists(file, error))
    return fail(failure_kind::model_missing, folder.string() + " has no spiece.model, SigLIP's vocabulary",
                "put that file from the model's repository into the folder; SigLIP 2, which has another "
                "tokenizer, embeds images alone");
  const auto model = read_vocabulary_file(file);
  if (!model)
    return tl::unexpected(model.error());
  const auto padding = padding_in(folder);
  if (!padding)
    return tl::unexpected(padding.error());
  auto made = std::make_unique<state>();
  if (const auto status = made->pieces.LoadFromSerializedProto(*model); !status.ok())
    return refuse_vocabulary(file, "is no model of SentencePiece");
  const auto id_of = [&](std::string_view token) {
    const auto id = made->pieces.PieceToId(token);
    return made->pieces.IdToPiece(id) == token ? id : -1;
  };
  made->context = context;
  made->end = id_of(end_mark);
  made->padding = id_of(*padding);
  if (made->end < 0 || made->padding < 0)
    return refuse_vocabulary(
        file, "lacks the token '" + (made->end < 0 ? std::string(end_mark) : padding->substr(0, 60)) + "'");
  made->unknown_pieces = made->encoded(std::string(unknown_mark)).size();
  return siglip_tokenizer(std::move(made));
}

result<token_sequence> siglip_tokenizer::tokenize(std::string_view text) const {
  if (auto good = check_text(text); !good)
    return tl::unexpected(good.error());
  std::vector<std::string> pieces;
  std::size_t marks_at_second = 0;
  for (const auto& part : parts_of(std::string(word_mark) + with_blanks_for_word_marks(std::string(text)))) {
    marks_at_second += part.is_mark && pieces.size() == 1 ? 1 : 0;
    if (part.is_mark)
      pieces.push_back(part.text);
    else
      state_->append(part.text, pieces);
  }
  if (marks_at_second > 0 && pieces.front() == word_mark)
    pieces.erase(pieces.begin());
  token_sequence sequence;
  for (const auto& piece : pieces)
    sequence.ids.push_back(state_->pieces.PieceToId(piece));
  sequence.text_tokens = sequence.ids.size();
  sequence.kept_tokens = std::min(sequence.text_tokens, state_->context - 1);
  sequence.ids.resize(sequence.kept_tokens);
  if (sequence.ids.empty() || sequence.ids.back() != state_->end) // which the text may bring itself
    sequence.ids.push_back(state_->end);
  sequence.ids.resize(state_->context, state_->padding);
  return sequence;
}

std::size_t siglip_tokenizer::vocabulary() const noexcept {
  return static_cast<std::size_t>(state_->pieces.GetPieceSize());
}

std::int64_t siglip_tokenizer::end_id() const noexcept {
  return state_->end;
}

} // namespace trainyard
