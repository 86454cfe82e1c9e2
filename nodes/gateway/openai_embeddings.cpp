// As OpenAI documents it; images as Infinity and others have added them.
#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/gateway/embedding_forms.hpp"
#include "nodes/gateway/embedding_requests.hpp"

namespace trainyard {
namespace {

using json = nlohmann::json;

/// Nothing where it is no data URI of an image.
std::optional<std::string_view> base64_of_data_uri(std::string_view text) {
  constexpr std::string_view mark = ";base64,";
  const auto at = text.substr(0, 128).find(mark); // a media type is short
  if (!text.starts_with("data:image/") || at == text.npos)
    return std::nullopt;
  return text.substr(at + mark.size());
}

result<embed_request> read_input(const json& input, const std::string& modality, std::size_t number) {
  const auto which = "input " + std::to_string(number);
  if (!input.is_string())
    return invalid_request(which + " is " + std::string(input.type_name()),
                           "give a text, or an image as data:image/TYPE;base64,...");
  const auto& text = input.get_ref<const std::string&>();
  const auto base64 = modality == "text" ? std::nullopt : base64_of_data_uri(text);
  if (text.empty())
    return invalid_request(which + " is empty", "give a text, or an image as data:image/TYPE;base64,...");
  embed_request request;
  if (!base64 && modality == "image")
    return invalid_request(which + " is no image",
                           "give it as data:image/TYPE;base64,...: the gateway fetches no URLs");
  if (!base64) {
    request.text = text;
    return request;
  }
  auto raw = from_base64(*base64);
  if (!raw || raw->empty())
    return invalid_request(which + " is no base64 behind its data:image/",
                           "encode the whole file, padding included");
  request.image = blob{std::move(*raw)};
  return request;
}

/// A member that is a text, or `standard` where it is missing or null.
result<std::string> text_in(const json& body, const char* name, const char* standard) {
  const auto found = body.find(name);
  if (found == body.end() || found->is_null())
    return std::string(standard);
  if (!found->is_string())
    return invalid_request(std::string(name) + " is " + found->type_name(), "give a text");
  return found->get<std::string>();
}

result<void> read_numbers(const json& body, wanted_embeddings& into) {
  const auto dimensions = body.find("dimensions");
  if (dimensions == body.end() || dimensions->is_null())
    return {};
  if (!dimensions->is_number_unsigned() || *dimensions == 0U)
    return invalid_request("dimensions is " + dimensions->dump().substr(0, 40),
                           "leave it out: a model has its own");
  into.dimensions = dimensions->get<std::uint64_t>();
  return {};
}

result<void> read_inputs(const json& body, const std::string& modality, wanted_embeddings& into) {
  const auto input = body.find("input");
  if (input == body.end())
    return invalid_request("there is no input",
                           "give a text, or an image as data:image/TYPE;base64,..., or a list of them");
  const auto all = input->is_array() ? *input : json::array({*input});
  if (all.empty() || all.size() > most_embedding_inputs)
    return invalid_request("there are " + std::to_string(all.size()) + " inputs",
                           "give 1 to " + std::to_string(most_embedding_inputs) +
                               ": whole folders are sessions");
  for (const auto& each : all) {
    auto read = read_input(each, modality, into.inputs.size());
    if (!read)
      return tl::unexpected(read.error());
    into.inputs.push_back(std::move(*read));
  }
  return {};
}

} // namespace

result<wanted_embeddings> read_openai(std::string_view body) {
  const auto parsed = parse_json_limited(body);
  if (!parsed)
    return tl::unexpected(parsed.error());
  wanted_embeddings wanted;
  const auto model = text_in(*parsed, "model", "");
  const auto format = text_in(*parsed, "encoding_format", "float");
  const auto modality = text_in(*parsed, "modality", "");
  for (const auto* each : {&model, &format, &modality})
    if (!*each)
      return tl::unexpected(each->error());
  if (model->empty())
    return invalid_request("there is no model", "name one that a worker has: `trainyard devices`");
  if (*format != "float" && *format != "base64")
    return invalid_request("encoding_format is '" + *format + "'", "use float or base64");
  if (!modality->empty() && *modality != "text" && *modality != "image")
    return invalid_request("modality is '" + *modality + "'", "use text or image");
  wanted.model = *model;
  wanted.as_base64 = *format == "base64";
  if (auto good = read_numbers(*parsed, wanted); !good)
    return tl::unexpected(good.error());
  if (auto good = read_inputs(*parsed, *modality, wanted); !good)
    return tl::unexpected(good.error());
  return wanted;
}

result<std::string> write_openai(const wanted_embeddings& wanted, const std::vector<embed_answer>& answers) {
  nlohmann::ordered_json document{{"object", "list"}, {"data", json::array()}};
  std::uint64_t tokens = 0;
  for (const auto& each : answers) {
    if (wanted.dimensions != 0 && wanted.dimensions != each.dim)
      return invalid_request("dimensions is " + std::to_string(wanted.dimensions) + ", and vectors of " +
                                 each.model + " have " + std::to_string(each.dim),
                             "leave it out");
    nlohmann::ordered_json one{{"object", "embedding"}, {"index", document["data"].size()}};
    if (wanted.as_base64) {
      one["embedding"] = to_base64(each.vector.bytes);
    } else {
      one["embedding"] = numbers_of(each);
    }
    document["data"].push_back(std::move(one));
    tokens += each.tokens;
  }
  document["model"] = answers.empty() ? wanted.model : answers.front().model;
  document["usage"] = {{"prompt_tokens", tokens}, {"total_tokens", tokens}};
  return document.dump();
}

} // namespace trainyard
