// The document says what the table does. To write docs/openapi.json again, from the top folder:
//   TRAINYARD_REGENERATE=1 ctest --test-dir build/release -R openapi
#include "nodes/gateway/openapi.hpp"

#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "nodes/gateway/routes.hpp"
#include "tests/support/generated_page.hpp"

namespace trainyard {
namespace {

using json = nlohmann::ordered_json;

TEST(openapi, has_every_route_and_no_other) {
  const auto document = openapi_document("1");
  std::size_t count = 0;
  for (const auto& [path, methods] : document["paths"].items())
    count += methods.size();
  EXPECT_EQ(count, routes().size());
  for (const auto& each : routes())
    EXPECT_EQ(document["paths"][std::string(each.path)][each.method == "GET" ? "get" : "post"]["operationId"],
              each.name);
}

TEST(openapi, every_reference_leads_to_a_schema_and_every_schema_is_used) {
  const auto document = openapi_document("1");
  std::set<std::string> used;
  const std::function<void(const json&)> look = [&](const json& at) {
    if (at.is_object() && at.contains("$ref"))
      used.insert(at["$ref"].get<std::string>().substr(std::string("#/components/schemas/").size()));
    if (at.is_structured())
      for (const auto& each : at)
        look(each);
  };
  look(document);
  for (const auto& name : used)
    EXPECT_TRUE(document["components"]["schemas"].contains(name)) << name;
  for (const auto& [name, schema] : document["components"]["schemas"].items())
    EXPECT_TRUE(used.contains(name)) << name;
}

TEST(openapi, asks_for_no_more_than_the_older_service_did) {
  const auto schema = openapi_document("1")["components"]["schemas"]["new_session"];
  EXPECT_EQ(schema["required"], json::array({"training_directory"}));
  EXPECT_TRUE(schema["properties"].contains("priority"));
}

TEST(openapi, stands_in_docs_as_the_code_writes_it) {
  testing::expect_generated("docs/openapi.json", openapi_document("0").dump(2) + "\n");
}

} // namespace
} // namespace trainyard
