// One connection, one transaction; the server rolls back when the connection ends before COMMIT.
#include "nodes/export/postgres_link.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include <libpq-fe.h>

namespace trainyard {
namespace {

constexpr std::uint64_t rows_at_once = 256;

struct free_postgres {
  void operator()(PGconn* each) const noexcept { PQfinish(each); }
  void operator()(PGresult* each) const noexcept { PQclear(each); }
  void operator()(PQconninfoOption* each) const noexcept { PQconninfoFree(each); }
  void operator()(char* each) const noexcept { PQfreemem(each); }
};
template <class T>
using owned = std::unique_ptr<T, free_postgres>;

/// The server's first line: what went wrong. The rest is where in our own SQL.
std::string one_line(const char* text) {
  std::string line(text ? text : "");
  line.resize(std::min(line.find('\n'), line.size()));
  return line;
}

class connection {
public:
  static result<connection> open(const std::string& text) {
    char* complaint = nullptr; // not shown: it quotes the text
    const owned<PQconninfoOption> parsed(PQconninfoParse(text.c_str(), &complaint));
    const owned<char> unshown(complaint);
    if (!parsed)
      return fail(failure_kind::config_invalid,
                  "TRAINYARD_EXPORT_DATABASE is no connection string of PostgreSQL",
                  "give one like postgresql://user@host/database or 'host=... dbname=...'");
    connection made;
    made.link_.reset(PQconnectdb(text.c_str()));
    if (PQstatus(made.link_.get()) != CONNECTION_OK)
      return made.failed("cannot connect to PostgreSQL");
    PQsetNoticeProcessor(
        made.link_.get(), [](void*, const char*) {}, nullptr);
    PQsetClientEncoding(made.link_.get(), "UTF8");
    return made;
  }

  result<owned<PGresult>> run(const std::string& sql, const char* parameter = nullptr) {
    owned<PGresult> done(
        parameter ? PQexecParams(link_.get(), sql.c_str(), 1, nullptr, &parameter, nullptr, nullptr, 0)
                  : PQexec(link_.get(), sql.c_str()));
    const auto status = PQresultStatus(done.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN)
      return done;
    return failed("PostgreSQL refuses the export");
  }
  /// The first column of the first row; nothing where there is no row or it is NULL.
  result<std::optional<std::string>> ask(const std::string& sql, const char* parameter = nullptr) {
    auto answer = run(sql, parameter);
    if (!answer)
      return tl::unexpected(answer.error());
    if (PQntuples(answer->get()) == 0 || PQgetisnull(answer->get(), 0, 0))
      return std::nullopt;
    return std::string(PQgetvalue(answer->get(), 0, 0));
  }
  result<void> send(const std::string& lines) {
    if (PQputCopyData(link_.get(), lines.data(), static_cast<int>(lines.size())) == 1)
      return {};
    return failed("PostgreSQL does not take the rows");
  }
  result<void> end_copy() {
    if (PQputCopyEnd(link_.get(), nullptr) != 1)
      return failed("PostgreSQL does not take the rows");
    const owned<PGresult> done(PQgetResult(link_.get()));
    const bool good = PQresultStatus(done.get()) == PGRES_COMMAND_OK;
    const auto why = good ? tl::unexpected(failure{}) : failed("PostgreSQL does not take the rows");
    while (const owned<PGresult> more{PQgetResult(link_.get())}) // until the command is over
      ;
    return good ? result<void>{} : why;
  }

private:
  tl::unexpected<failure> failed(const std::string& what) const {
    const auto why = one_line(PQerrorMessage(link_.get()));
    if (why.find("holds vectors of space") != std::string::npos)
      return fail(failure_kind::output_mismatch, what + ": " + why,
                  "give another --table: vectors of two spaces cannot be compared");
    return fail(failure_kind::output_unwritable, what + ": " + why,
                "check TRAINYARD_EXPORT_DATABASE, the server, and the user's rights");
  }

  owned<PGconn> link_;
};

/// The type of the column where the table stands already; else what the database can.
result<embedding_type> column_type(connection& link, const std::string& quoted,
                                   std::optional<embedding_type> wanted) {
  const auto stands = link.ask("SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = "
                               "to_regclass($1) AND attname = 'embedding' AND NOT attisdropped",
                               quoted.c_str());
  if (!stands)
    return tl::unexpected(stands.error());
  if (*stands)
    return **stands == "real[]" ? embedding_type::real_array : embedding_type::vector;
  if (wanted)
    return *wanted;
  const auto extension = link.ask("SELECT extname FROM pg_extension WHERE extname = 'vector'");
  if (!extension)
    return tl::unexpected(extension.error());
  return *extension ? embedding_type::vector : embedding_type::real_array;
}

result<void> send_rows(connection& link, const vector_folder& folder, const postgres_table& table) {
  std::string lines;
  return for_each_block(folder, rows_at_once,
                        [&](const row_block_view& block) {
                          lines.clear();
                          append_copy_lines(block, table, lines);
                          return link.send(lines);
                        })
      .and_then([&] { return link.end_copy(); });
}

} // namespace

result<postgres_outcome> export_to_postgres(const vector_folder& folder, const std::string& text,
                                            postgres_table table, std::optional<embedding_type> wanted) {
  const auto quoted = quoted_table(table.name);
  if (!quoted)
    return tl::unexpected(quoted.error());
  auto link = connection::open(text);
  if (!link)
    return tl::unexpected(link.error());
  const auto type = column_type(*link, *quoted, wanted);
  if (!type)
    return tl::unexpected(type.error());
  table.type = *type;
  for (const auto& sql : {sql_before_rows(table, *quoted), sql_copy()})
    if (auto done = link->run(sql); !done)
      return tl::unexpected(done.error());
  if (auto sent = send_rows(*link, folder, table); !sent)
    return tl::unexpected(sent.error());
  if (auto done = link->run(sql_after_rows(*quoted)); !done)
    return tl::unexpected(done.error());
  return postgres_outcome{*type, folder.rows};
}

} // namespace trainyard
