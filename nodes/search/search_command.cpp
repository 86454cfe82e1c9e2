// Folder, query, hits, and what is shown of them.
#include "nodes/search/search_command.hpp"

#include <chrono>
#include <cstdio>

#include "actors/disk/durable_file.hpp"
#include "actors/log.hpp"
#include "nodes/search/contact_sheet.hpp"
#include "nodes/search/folder_search.hpp"
#include "nodes/search/hit_report.hpp"
#include "nodes/search/query_vector.hpp"
#include "nodes/search/thumbnails.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/terminal/safe_text.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

void notice(const std::string& text) {
  std::fputs((safe_text(text) + "\n").c_str(), stderr);
}

result<search_query> query_of(const settings& from) {
  const auto& image = from.text("search.image");
  const auto& text = from.text("search.text");
  if (image.empty() == text.empty())
    return fail(failure_kind::usage,
                image.empty() ? "nothing is searched for" : "--image and --text are both given",
                "give one of --image FILE and --text WORDS");
  return image.empty() ? search_query{search_query::of::text, text}
                       : search_query{search_query::of::image, image};
}

void tell_of(const search_outcome& outcome) {
  const auto& folder = outcome.folder;
  if (!folder.is_finished())
    notice(folder.root.string() + " has no session.json: its session goes on or was interrupted. Searched " +
           with_thousands(folder.rows) + " rows of the " + with_thousands(folder.shards.size()) +
           " shards that are committed.");
  if (outcome.not_finite > 0)
    notice(with_thousands(outcome.not_finite) +
           " rows hold numbers that are not finite and cannot be found: look into the folder's history.");
}

result<void> write_sheet(const search_outcome& outcome, const search_query& query, const settings& from) {
  const auto photos =
      from.text("search.photos").empty() ? outcome.folder.directory : from.text("search.photos");
  auto pictures = thumbnails_of(outcome.hits, photos, from);
  if (!pictures)
    return tl::unexpected(pictures.error());
  std::string own;
  if (query.kind == search_query::of::image)
    own = thumbnail_of_file(query.text, from).value_or(thumbnail{}).jpeg;
  return replace_file(std::filesystem::absolute(from.path("search.html")),
                      contact_sheet(outcome, query, own, *pictures));
}

result<std::string> run_search(const std::string& out, const settings& from) {
  const auto query = query_of(from);
  if (!query)
    return tl::unexpected(query.error());
  const auto folder = look_at_folder(out);
  if (!folder)
    return tl::unexpected(folder.error());
  const auto vector = vector_of(*query, *folder, from);
  if (!vector)
    return tl::unexpected(vector.error());
  if (!vector->notice.empty())
    notice(vector->notice);
  const auto outcome =
      search_now(*folder, vector->numbers, static_cast<std::size_t>(from.integer("search.hits")));
  if (!outcome)
    return tl::unexpected(outcome.error());
  tell_of(*outcome);
  if (!from.text("search.html").empty())
    if (auto written = write_sheet(*outcome, *query, from); !written)
      return tl::unexpected(written.error());
  return from.boolean("run.json") ? hits_json(*outcome, *query) : hits_table(*outcome);
}

} // namespace

int search_command(const std::string& out, const settings& from) {
  set_up_log(
      {from.is_given("log.level") ? log_level_of(from.text("log.level")) : log_level::warn, false, {}});
  const auto shown = run_search(out, from);
  if (!shown)
    return fail_with(shown.error());
  return print(*shown);
}

} // namespace trainyard
