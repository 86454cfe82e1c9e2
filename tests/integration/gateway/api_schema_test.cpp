// schemathesis asks the real gateway everything that its own OpenAPI document allows, and much that it does
// not.
#include "tests/integration/gateway/gateway_world.hpp"

namespace trainyard::testing {
namespace {

using namespace std::chrono_literals;

TEST_F(gateway_world, the_gateway_keeps_what_its_openapi_document_says) {
  child_process looking(dir.path(), {TRAINYARD_PYTHON, "-c", "import schemathesis"});
  const auto there = looking.wait(60s);
  if (!there || there->status != 0)
    GTEST_SKIP() << "build/venv lacks schemathesis (ops/requirements-clients.txt): run ops/setup";
  start();
  child_process asking(dir.path(),
                       {TRAINYARD_PYTHON, "tests/integration/gateway/api_schema.py", std::to_string(port)});
  const auto asked = asking.wait(280s);
  ASSERT_TRUE(asked) << "still asking";
  EXPECT_EQ(asked->status, 0) << asked->out << asked->err;
  EXPECT_EQ(get("/livez").status, 200);
}

} // namespace
} // namespace trainyard::testing
