// What `trainyard export` writes is read back by the programs it is for: pyarrow, faiss, PostgreSQL.
#include <fstream>
#include <memory>

#include <gmock/gmock.h>

#include "tests/integration/search/own_postgres.hpp"
#include "tests/integration/search/search_bench.hpp"

namespace trainyard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class export_command : public testing::search_bench {
protected:
  [[nodiscard]] testing::finished_process export_to(std::vector<std::string> arguments,
                                                    std::vector<std::string> environment = {}) const {
    arguments.insert(arguments.begin(), {"export", vectors().string(), "--to"});
    return trainyard(std::move(arguments), std::move(environment));
  }
  /// What read_exports.py found to agree below dir.
  [[nodiscard]] nlohmann::json agreed() const {
    const auto read =
        python({"tests/integration/search/read_exports.py", vectors().string(), dir.path().string()});
    EXPECT_EQ(read.status, 0) << read.err;
    return nlohmann::json::parse(read.out, nullptr, false);
  }
  [[nodiscard]] nlohmann::json table_of(const testing::own_postgres& server, const std::string& table) const {
    const auto rows =
        server.psql({"-c", "COPY (SELECT asset_id, image_path, embedding FROM " + table + ") TO STDOUT"});
    EXPECT_EQ(rows.status, 0) << rows.err;
    dir.write("table.tsv", rows.out);
    return agreed()["postgres"];
  }
};

TEST_F(export_command, parquet_is_read_by_pyarrow_with_every_bit_of_every_vector) {
  const auto done = export_to({"parquet", "--into", (dir.path() / "vectors.parquet").string(), "--json"});
  ASSERT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(report_of(done)["rows"], 96);
  EXPECT_EQ(agreed()["parquet"], 96);
}

TEST_F(export_command, faiss_and_qdrant_hold_the_same_rows) {
  for (const std::string form : {"faiss", "qdrant"}) {
    const auto done = export_to({form, "--into", (dir.path() / form).string()});
    ASSERT_EQ(done.status, 0) << done.err;
    EXPECT_THAT(done.out, HasSubstr("96 rows of 1280 numbers"));
  }
  const auto found = agreed();
  EXPECT_EQ(found["faiss_bytes"], 96); // found["faiss"] as well where faiss-cpu is installed
  EXPECT_EQ(found["qdrant"], 96);
}

TEST_F(export_command, a_folder_that_cannot_be_written_is_told_and_nothing_is_left) {
  for (const std::string form : {"parquet", "pgvector"}) {
    const auto done = export_to({form, "--into", "/nowhere/at/all"});
    EXPECT_EQ(done.status, 73) << done.err;
    EXPECT_THAT(done.err, HasSubstr("/nowhere/at/all"));
  }
}

TEST_F(export_command, postgres_gets_the_same_rows_twice_and_has_them_once) {
  const auto server = testing::own_postgres::start();
  if (!server)
    GTEST_SKIP() << "this machine has no PostgreSQL server";
  const std::string database = "TRAINYARD_EXPORT_DATABASE=" + server->connection();
  for (int round = 0; round < 2; ++round) {
    const auto done =
        export_to({"pgvector", "--table", "public.our \"images\"", "--column", "real"}, {database});
    ASSERT_EQ(done.status, 0) << done.err;
    EXPECT_THAT(done.out, HasSubstr("embedding is real[]"));
    EXPECT_EQ(table_of(*server, "public.\"our \"\"images\"\"\""), 96);
  }
  ASSERT_EQ(server->psql({"-c", "UPDATE \"our \"\"images\"\"\" SET width = 0, embedding = '{1}'"}).status, 0);
  ASSERT_EQ(export_to({"pgvector", "--table", "our \"images\""}, {database}).status, 0);
  EXPECT_EQ(table_of(*server, "\"our \"\"images\"\"\""), 96) << "a changed row was not put right";
}

TEST_F(export_command, postgres_takes_the_script_and_refuses_another_space_as_a_whole) {
  const auto server = testing::own_postgres::start();
  if (!server)
    GTEST_SKIP() << "this machine has no PostgreSQL server";
  const auto script = dir.path() / "images.sql";
  ASSERT_EQ(export_to({"pgvector", "--into", script.string(), "--column", "real", "--table", "t"}).status, 0);
  const auto loaded = server->psql({"-f", script.string()});
  ASSERT_EQ(loaded.status, 0) << loaded.err;
  EXPECT_EQ(table_of(*server, "t"), 96);
  ASSERT_EQ(
      server
          ->psql({"-c",
                  "UPDATE t SET space_id = 'other', width = 0 WHERE image_path = (SELECT max(image_path) "
                  "FROM t)"})
          .status,
      0);
  const auto refused =
      export_to({"pgvector", "--table", "t"}, {"TRAINYARD_EXPORT_DATABASE=" + server->connection()});
  EXPECT_EQ(refused.status, 78);
  EXPECT_THAT(refused.err, HasSubstr("holds vectors of space other"));
  EXPECT_NE(server->psql({"-f", script.string()}).status, 0);
  EXPECT_THAT(server->psql({"-t", "-A", "-c", "SELECT count(*) FROM t WHERE width = 0"}).out, HasSubstr("1"));
}

TEST_F(export_command, a_connection_string_is_never_shown) {
  for (const std::string text : {"host=127.0.0.1 port=1 password=hunter2", "password hunter2",
                                 "postgresql://u:hunter2@127.0.0.1:1/x?what=hunter2"}) {
    const auto done = export_to({"pgvector"}, {"TRAINYARD_EXPORT_DATABASE=" + text});
    EXPECT_NE(done.status, 0);
    EXPECT_THAT(done.err, Not(HasSubstr("hunter2")));
    EXPECT_THAT(done.err, HasSubstr("TRAINYARD_EXPORT_DATABASE"));
  }
}

} // namespace
} // namespace trainyard
