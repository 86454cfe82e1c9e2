// Route by route; schemas come from the lists of fields that the codecs use.
#include "nodes/gateway/openapi.hpp"

#include <algorithm>

#include "messages/api.hpp"
#include "messages/json_schema.hpp"
#include "nodes/fleet/fleet_views.hpp"
#include "nodes/gateway/dead_letters.hpp"
#include "nodes/gateway/embedding_requests.hpp"
#include "nodes/gateway/fleet_health.hpp"
#include "nodes/gateway/routes.hpp"
#include "nodes/gateway/session_pages.hpp"
#include "nodes/http/problem.hpp"

namespace trainyard {
namespace {

using json = nlohmann::ordered_json;

json text_schema() {
  return {{"type", "string"}};
}

json reference(std::string_view name) {
  return {{"$ref", "#/components/schemas/" + std::string(name)}};
}

/// As the codecs have it, but what a program cannot know need not be said: the schema's number.
json new_session_schema() {
  auto schema = schema_detail::object<session_spec>();
  schema["required"] = json::array({"training_directory"});
  schema["description"] =
      "A folder of images to embed, and how. root names one of the cluster's roots; without it "
      "training_directory is absolute and inside one.";
  return schema;
}

json login_schema() {
  return {
      {"type", "object"}, {"properties", {{"token", text_schema()}}}, {"required", json::array({"token"})}};
}

json embeddings_request_schema() {
  const json input{{"type", "string"},
                   {"minLength", 1},
                   {"description", "A text, or an image as data:image/TYPE;base64,..."}};
  json list{{"type", "array"}, {"items", input}, {"minItems", 1}, {"maxItems", most_embedding_inputs}};
  return {{"type", "object"},
          {"properties",
           {{"model", {{"type", "string"}, {"minLength", 1}}},
            {"input", {{"anyOf", json::array({input, std::move(list)})}}},
            {"encoding_format", {{"type", "string"}, {"enum", json::array({"float", "base64"})}}},
            {"modality", {{"type", "string"}, {"enum", json::array({"text", "image"})}}},
            {"dimensions", {{"type", "integer"}, {"minimum", 1}}},
            {"user", text_schema()}}},
          {"required", json::array({"model", "input"})}};
}

json embeddings_schema() {
  const json vector{
      {"anyOf", json::array({{{"type", "array"}, {"items", {{"type", "number"}}}}, text_schema()})}};
  const json one{
      {"type", "object"},
      {"properties", {{"object", text_schema()}, {"index", {{"type", "integer"}}}, {"embedding", vector}}},
      {"required", json::array({"object", "index", "embedding"})}};
  return {{"type", "object"},
          {"properties",
           {{"object", text_schema()},
            {"data", {{"type", "array"}, {"items", one}}},
            {"model", text_schema()},
            {"usage", {{"type", "object"}}}}},
          {"required", json::array({"object", "data", "model", "usage"})}};
}

json predict_form_schema() {
  return {
      {"type", "object"},
      {"properties",
       {{"entries", {{"type", "string"}, {"description", R"({"clip": {"visual": {"modelName": "MODEL"}}})"}}},
        {"image", {{"type", "string"}, {"format", "binary"}}},
        {"text", text_schema()}}},
      {"required", json::array({"entries"})}};
}

json prediction_schema() {
  return {{"type", "object"},
          {"properties",
           {{"clip", {{"type", "string"}, {"description", "A JSON array of numbers."}}},
            {"imageHeight", {{"type", "integer"}}},
            {"imageWidth", {{"type", "integer"}}}}},
          {"required", json::array({"clip"})}};
}

json schemas() {
  json all;
  all["new_session"] = new_session_schema();
  all["nothing"] = {{"type", "object"}, {"additionalProperties", false}};
  all["login"] = login_schema();
  all["session_status"] = schema_detail::object<session_status>();
  all["session_page"] = schema_detail::object<session_page>();
  all["failure_page"] = schema_detail::object<failure_page>();
  all["dead_letter_page"] = schema_detail::object<dead_letter_page>();
  all["health_page"] = schema_detail::object<health_page>();
  all["device_list"] = schema_detail::object<device_list>();
  all["node_page"] = schema_detail::object<node_page>();
  all["fleet_history"] = schema_detail::object<fleet_history>();
  all["session_history"] = schema_detail::object<session_history>();
  all["embeddings_request"] = embeddings_request_schema();
  all["embeddings"] = embeddings_schema();
  all["predict_form"] = predict_form_schema();
  all["prediction"] = prediction_schema();
  all["problem"] = schema_detail::object<problem_document>();
  all["openapi"] = {{"type", "object"}};
  all["text"] = text_schema();
  all["event_stream"] = text_schema();
  return all;
}

json parameter_schema(const query_parameter& of) {
  if (of.choices.empty() && of.most == 0)
    return text_schema();
  if (of.choices.empty())
    return {{"type", "integer"}, {"minimum", of.least}, {"maximum", of.most}, {"default", of.standard}};
  auto choices = json::array();
  for (auto rest = of.choices; !rest.empty();) {
    const auto end = std::min(rest.find('|'), rest.size());
    choices.push_back(std::string(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {{"type", "string"}, {"enum", choices}};
}

json parameters_of(const route& of) {
  auto all = json::array();
  if (of.path.find("{id}") != of.path.npos)
    all.push_back({{"name", "id"},
                   {"in", "path"},
                   {"required", true},
                   {"description", "Id of the session."},
                   {"schema", {{"type", "string"}, {"pattern", "^[A-Za-z0-9_-]{1,64}$"}}}});
  for (const auto& each : of.query)
    all.push_back({{"name", each.name},
                   {"in", "query"},
                   {"required", false},
                   {"description", each.sentence},
                   {"schema", parameter_schema(each)}});
  return all;
}

json content(std::string_view type, std::string_view schema) {
  return {{std::string(type), {{"schema", reference(schema)}}}};
}

json responses_of(const route& of) {
  json all;
  json good{{"description", of.sentence}};
  if (!of.gives.empty())
    good["content"] = content(of.content_type, of.gives);
  if (of.what == operation::submit)
    good["headers"] = {{"Location", {{"description", "Where the session is."}, {"schema", text_schema()}}}};
  all[std::to_string(of.status)] = std::move(good);
  if (of.what == operation::readyz)
    all["503"] = {{"description", "Not ready."}, {"content", content("text/plain", "text")}};
  json refused{{"description", "Refused; code, cause and remedy are in the answer."},
               {"content", content(problem_type, "problem")}};
  all["4XX"] = refused;
  refused["description"] = "The cluster does not answer, or the gateway has too much in hand.";
  all["5XX"] = std::move(refused);
  return all;
}

json operation_of(const route& of) {
  json one{{"operationId", of.name}, {"summary", of.sentence}, {"parameters", parameters_of(of)}};
  if (!of.takes.empty())
    one["requestBody"] = {{"required", true}, {"content", content(of.body_type, of.takes)}};
  one["responses"] = responses_of(of);
  if (of.open)
    one["security"] = json::array();
  return one;
}

} // namespace

json openapi_document(std::string_view version) {
  json paths = json::object();
  for (const auto& each : routes())
    paths[std::string(each.path)][each.method == "GET" ? "get" : "post"] = operation_of(each);
  return {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "trainyard"},
        {"version", version},
        {"description", "Training sessions of a cluster: submit, follow, steer. Errors are problem documents "
                        "with the codes of docs/errors.md."},
        {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", schemas()},
        {"securitySchemes",
         {{"token", {{"type", "http"}, {"scheme", "bearer"}}},
          {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "trainyard"}}}}}}},
      {"security", json::array({json::object(), {{"token", json::array()}}, {{"cookie", json::array()}}})}};
}

} // namespace trainyard
