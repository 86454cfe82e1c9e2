// What users open the folder with reads it: numpy, pyarrow, pandas where it is there, embedding-reader's
// parser.
#include <cstdio>
#include <fstream>

#include <sys/wait.h>

#include <gtest/gtest.h>

#include "messages/json_codec.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/output/made_batches.hpp"

namespace trainyard {
namespace {

using testing::made_session;
using testing::made_spec;

/// Runs check_folder.py; its text when it is not content.
std::string complaint_of_python(const std::filesystem::path& out, const std::filesystem::path& expected) {
  const auto command = std::string(TRAINYARD_PYTHON) + " " + TRAINYARD_CHECK_FOLDER + " '" + out.string() +
                       "' '" + expected.string() + "' 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    text += static_cast<char>(c);
  const int status = ::pclose(pipe);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? std::string()
                                                       : text + "status " + std::to_string(status);
}

nlohmann::json expected_rows(const std::vector<testing::made_batch>& session) {
  auto rows = nlohmann::json::array();
  for (const auto& [assets, done] : session)
    for (std::size_t i = 0; i < done.embedded.size(); ++i) {
      const auto& each = done.embedded[i];
      const auto& asset = assets[each.position];
      const auto row_bytes = done.vectors.bytes.size() / done.embedded.size();
      rows.push_back(
          {{"path_base64", to_base64(std::as_bytes(std::span(asset.path)))},
           {"image_path", printable_utf8(asset.path)},
           {"width", each.width},
           {"height", each.height},
           {"bytes", each.bytes},
           {"mtime_ns", asset.mtime_ns},
           {"sha256_base64", to_base64(each.sha256.bytes)},
           {"device", done.device},
           {"precision", done.precision},
           {"vector", to_base64(std::span(done.vectors.bytes).subspan(i * row_bytes, row_bytes))}});
    }
  return rows;
}

TEST(output_readers, find_every_vector_and_value_in_its_row) {
  for (const std::string dtype : {"fp16", "fp32"}) {
    testing::temp_dir dir;
    auto spec = made_spec();
    spec.dtype = dtype;
    const auto session = made_session(spec);
    ASSERT_TRUE(testing::write_session(dir.path() / "out", spec, session));
    const auto expected = dir.write("expected.json", expected_rows(session).dump());
    EXPECT_EQ(complaint_of_python(dir.path() / "out", expected), "");
  }
}

TEST(output_readers, open_a_shard_of_many_wide_rows) {
  testing::temp_dir dir;
  auto spec = made_spec(1000);
  spec.dim = 512;
  std::vector<testing::made_batch> session;
  for (std::uint64_t batch = 0; batch < 600; ++batch)
    session.push_back(
        testing::make_batch(spec, batch, batch % 50 == 0 ? std::vector{2U} : std::vector<std::uint32_t>{}));
  ASSERT_TRUE(testing::write_session(dir.path() / "out", spec, session));
  const auto expected = dir.write("expected.json", expected_rows(session).dump());
  EXPECT_EQ(complaint_of_python(dir.path() / "out", expected), "");
}

} // namespace
} // namespace trainyard
