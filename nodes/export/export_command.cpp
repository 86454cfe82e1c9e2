// Which form, where to, and what was done.
#include "nodes/export/export_command.hpp"

#include <cstdio>

#include "actors/disk/durable_file.hpp"
#include "actors/export/faiss_file.hpp"
#include "actors/export/parquet_export.hpp"
#include "actors/export/postgres_script.hpp"
#include "actors/export/qdrant_batches.hpp"
#include "messages/json_codec.hpp"
#include "nodes/export/postgres_link.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/terminal/safe_text.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

/// Where the export went, for people and programs.
struct exported {
  std::string place;    ///< "vectors.parquet", "table images"
  std::string detail{}; ///< "embedding real[]"
};

result<fs::path> target_of(const settings& from) {
  if (from.text("export.into").empty())
    return fail(failure_kind::usage, "--into is not given", "give the file or folder to write: --into PATH");
  return fs::absolute(from.path("export.into"));
}

result<exported> to_parquet(const vector_folder& folder, const settings& from) {
  return target_of(from).and_then([&](const fs::path& file) {
    return export_parquet(folder, file).map([&] { return exported{file.string()}; });
  });
}

result<exported> to_faiss(const vector_folder& folder, const settings& from) {
  return target_of(from).and_then([&](const fs::path& place) {
    return make_directories(place)
        .and_then([&] { return export_parquet(folder, place / "rows.parquet", vector_column::without); })
        .and_then([&] { return export_faiss(folder, place / "index.faiss"); })
        .map([&] {
          return exported{place.string(), "id i of index.faiss is row i of rows.parquet"};
        });
  });
}

result<exported> to_qdrant(const vector_folder& folder, const settings& from) {
  return target_of(from).and_then([&](const fs::path& place) {
    return make_directories(place)
        .and_then([&] { return export_qdrant(folder, place); })
        .map([&](std::uint64_t files) {
          return exported{place.string(), with_thousands(files) + " files of points"};
        });
  });
}

std::optional<embedding_type> wanted_type(const settings& from) {
  const auto& wanted = from.text("export.column");
  return wanted == "auto"     ? std::nullopt
         : wanted == "vector" ? std::optional(embedding_type::vector)
                              : std::optional(embedding_type::real_array);
}

result<exported> to_postgres(const vector_folder& folder, const settings& from) {
  postgres_table table{from.text("export.table"), embedding_type::vector, folder.space_id, folder.dim};
  const auto text_of_type = [](embedding_type type) {
    return std::string("embedding is ") + (type == embedding_type::vector ? "vector" : "real[]");
  };
  const auto& database = from.text("export.database");
  if (!from.text("export.into").empty()) {
    table.type = wanted_type(from).value_or(embedding_type::vector);
    return target_of(from).and_then([&](const fs::path& file) {
      return export_script(folder, table, file).map([&] {
        return exported{file.string(), text_of_type(table.type) + "; load it with psql -f"};
      });
    });
  }
  if (database.empty())
    return fail(failure_kind::usage, "neither --into nor a database is given",
                "give --into FILE for a script, or set TRAINYARD_EXPORT_DATABASE to a connection string");
  return export_to_postgres(folder, database, table, wanted_type(from))
      .map([&](const postgres_outcome& done) {
        return exported{"table " + table.name, text_of_type(done.type)};
      });
}

result<exported> export_to(const std::string& form, const vector_folder& folder, const settings& from) {
  if (form == "parquet")
    return to_parquet(folder, from);
  if (form == "faiss")
    return to_faiss(folder, from);
  if (form == "qdrant")
    return to_qdrant(folder, from);
  return to_postgres(folder, from);
}

std::string text_of(const exported& done, const std::string& form, const vector_folder& folder,
                    bool as_json) {
  if (as_json)
    return json{{"schema", 1},
                {"to", form},
                {"into", printable_utf8(done.place)},
                {"detail", printable_utf8(done.detail)},
                {"rows", folder.rows},
                {"dim", folder.dim},
                {"space_id", printable_utf8(folder.space_id)},
                {"finished", folder.is_finished()}}
               .dump() +
           "\n";
  return with_thousands(folder.rows) + " rows of " + std::to_string(folder.dim) + " numbers to " +
         safe_text(done.place) + (done.detail.empty() ? "" : " (" + done.detail + ")") + "\n";
}

} // namespace

int export_command(const std::string& out, const settings& from) {
  const auto folder = look_at_folder(out);
  if (!folder)
    return fail_with(folder.error());
  if (!folder->is_finished())
    std::fprintf(
        stderr,
        "%s has no session.json: its session goes on or was interrupted. What is committed goes out.\n",
        safe_text(folder->root.string()).c_str());
  const auto& form = from.text("export.to");
  const auto done = export_to(form, *folder, from);
  if (!done)
    return fail_with(done.error());
  return print(text_of(*done, form, *folder, from.boolean("run.json")));
}

} // namespace trainyard
