// docs/protocol/ says what the codecs do. To write the pages again, from the top folder:
//   TRAINYARD_REGENERATE=1 ctest --test-dir build/release -R json_schema
#include "messages/json_schema.hpp"

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "messages/api.hpp"
#include "messages/codec.hpp"
#include "tests/support/generated_page.hpp"

namespace trainyard {
namespace {

using json = nlohmann::ordered_json;

/// The few words of JSON Schema that the pages use.
bool accepts(const json& schema, const json& value) {
  if (const auto any = schema.find("anyOf"); any != schema.end())
    return std::any_of(any->begin(), any->end(), [&](const json& each) { return accepts(each, value); });
  const auto type = schema["type"].get<std::string>();
  if (type == "string")
    return value.is_string();
  if (type == "null")
    return value.is_null();
  if (type == "boolean")
    return value.is_boolean();
  if (type == "number")
    return value.is_number();
  if (type == "integer")
    return value.is_number_integer() &&
           (!schema.contains("minimum") || value.is_number_unsigned() || value >= schema["minimum"]) &&
           (!schema.contains("maximum") || value <= schema["maximum"]);
  if (type == "array")
    return value.is_array() && std::all_of(value.begin(), value.end(),
                                           [&](const json& each) { return accepts(schema["items"], each); });
  if (type != "object" || !value.is_object())
    return false;
  for (const auto& name : schema["required"])
    if (!value.contains(name.get<std::string>()))
      return false;
  for (const auto& [name, inner] : value.items())
    if (schema["properties"].contains(name) && !accepts(schema["properties"][name], inner))
      return false;
  return true;
}

json schema_of(std::string_view name) {
  for (const auto& page : schema_pages())
    if (page.name == name)
      return page.schema;
  return {};
}

json parsed(std::string_view text) {
  return json::parse(text);
}

TEST(json_schema, the_pages_of_the_protocol_are_what_the_code_writes) {
  std::set<std::string> written;
  for (const auto& page : schema_pages()) {
    const auto name = std::string(page.name) + ".schema.json";
    EXPECT_TRUE(written.insert(name).second) << name;
    testing::expect_generated("docs/protocol/" + name, page.schema.dump(2) + "\n");
  }
  for (const auto& each : std::filesystem::directory_iterator("docs/protocol"))
    if (each.path().extension() == ".json") {
      EXPECT_TRUE(written.contains(each.path().filename().string())) << each.path() << " has no struct";
    }
}

TEST(json_schema, accepts_what_the_codec_writes) {
  session_status status;
  status.devices = {"a/cpu", "b/cuda:0"};
  EXPECT_TRUE(accepts(schema_of("session_status"), to_json(status)));
  status.eta_seconds = 1.5;
  status.report.emplace().devices.emplace_back().memory.series_bytes = {1, 2};
  EXPECT_TRUE(accepts(schema_of("session_status"), to_json(status)));
  batch_result result;
  result.embedded = {{0, 640, 480, 123, {{std::byte{1}}}}};
  result.failed = {{1, 2102, "cut"}};
  EXPECT_TRUE(accepts(schema_of("batch_result"), to_json(result)));
  work_batch work;
  work.assets = {{"a.jpg", 1, -5}};
  EXPECT_TRUE(accepts(schema_of("work_batch"), to_json(work)));
  session_spec spec;
  spec.weight = 2.5;
  EXPECT_TRUE(accepts(schema_of("session_spec"), to_json(spec)));
  node_heartbeat beat;
  beat.devices.emplace_back();
  EXPECT_TRUE(accepts(schema_of("node_heartbeat"), to_json(beat)));
}

TEST(json_schema, agrees_with_the_codec_on_what_is_wrong) {
  const auto agree = [](std::string_view text) {
    const bool read = decode<session_spec>(std::as_bytes(std::span(text.data(), text.size()))).has_value();
    EXPECT_EQ(accepts(schema_of("session_spec"), parsed(text)), read) << text;
    return read;
  };
  EXPECT_TRUE(agree(R"({"schema":1,"training_directory":"a"})"));
  EXPECT_TRUE(agree(R"({"schema":1,"training_directory":"a","root":null,"later":{}})"));
  EXPECT_FALSE(agree(R"({"training_directory":"a"})"));
  EXPECT_FALSE(agree(R"({"schema":1})"));
  EXPECT_FALSE(agree(R"({"schema":1,"training_directory":5})"));
  EXPECT_FALSE(agree(R"({"schema":1,"training_directory":"a","priority":-1})"));
  EXPECT_FALSE(agree(R"({"schema":1,"training_directory":"a","priority":4294967296})"));
  EXPECT_FALSE(agree(R"({"schema":1,"training_directory":"a","batch_size":1.5})"));
  EXPECT_FALSE(agree(R"({"schema":1,"training_directory":"a","weight":"heavy"})"));
}

} // namespace
} // namespace trainyard
