// As Immich's server asks its machine learning service; faces and text in images are not what trainyard
// knows.
#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/gateway/embedding_forms.hpp"
#include "nodes/gateway/embedding_requests.hpp"
#include "nodes/gateway/form_parts.hpp"

namespace trainyard {
namespace {

using json = nlohmann::json;

const form_part* part_named(const std::vector<form_part>& parts, std::string_view name) {
  for (const auto& each : parts)
    if (each.name == name)
      return &each;
  return nullptr;
}

/// The model that `kind` ("visual", "textual") of a CLIP is wanted of; nothing where that is not asked.
std::optional<std::string> model_in(const json& entries, const char* kind) {
  const auto name = json::json_pointer("/clip/" + std::string(kind) + "/modelName");
  if (!entries.contains(name) || !entries[name].is_string())
    return std::nullopt;
  return entries[name].get<std::string>();
}

} // namespace

result<wanted_embeddings> read_immich(std::string_view content_type, std::string_view body) {
  const auto parts = form_parts(content_type, body);
  if (!parts)
    return tl::unexpected(parts.error());
  const auto* entries = part_named(*parts, "entries");
  if (entries == nullptr)
    return invalid_request("the form has no part 'entries'",
                           R"(send {"clip": {"visual": {"modelName": "MODEL"}}} in it)");
  const auto parsed = parse_json_limited(entries->content);
  if (!parsed)
    return tl::unexpected(parsed.error());
  const auto visual = model_in(*parsed, "visual");
  const auto textual = model_in(*parsed, "textual");
  if (parsed->size() != 1 || visual.has_value() == textual.has_value())
    return invalid_request(
        "entries asks for something else than one CLIP vector",
        "point only Immich's smart search here, and face recognition and OCR at its own service");
  const auto* input = part_named(*parts, visual ? "image" : "text");
  if (input == nullptr)
    return invalid_request(visual ? "the form has no part 'image'" : "the form has no part 'text'",
                           "send what is to be embedded");
  wanted_embeddings wanted;
  wanted.model = visual ? *visual : *textual;
  embed_request request;
  if (visual) {
    const auto* bytes = reinterpret_cast<const std::byte*>(input->content.data());
    request.image = blob{{bytes, bytes + input->content.size()}};
  } else {
    request.text = std::string(input->content);
  }
  wanted.inputs.push_back(std::move(request));
  return wanted;
}

std::string write_immich(const embed_answer& answer) {
  nlohmann::ordered_json document{
      {"clip", json(numbers_of(answer)).dump()}}; // a text that holds a list: so Immich reads it
  if (answer.width > 0) {
    document["imageHeight"] = answer.height;
    document["imageWidth"] = answer.width;
  }
  return document.dump();
}

} // namespace trainyard
