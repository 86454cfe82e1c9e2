// Pictures as data URIs; every name escaped; a policy that forbids the browser all the rest.
#include "nodes/search/contact_sheet.hpp"

#include <array>
#include <cstdio>

#include "messages/json_codec.hpp"
#include "nodes/terminal/safe_text.hpp"
#include "nodes/terminal/units.hpp"

namespace trainyard {
namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
:root { color-scheme: light dark }
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(168px, 1fr)); gap: 1.2rem }
figure { margin: 0 }
img, .none { width: 168px; height: 168px; border-radius: 4px; display: block }
.none { background: #8883; box-sizing: border-box; padding: .8rem; color: #888 }
figcaption { overflow-wrap: anywhere; margin-top: .3rem }
.score { font-variant-numeric: tabular-nums; font-weight: 600 }
.more { color: #888 }
</style>
)";

std::string picture(std::string_view jpeg, const std::string& trouble, const std::string& name) {
  if (jpeg.empty())
    return "<div class=\"none\">" + html_text(trouble) + "</div>";
  return "<img alt=\"" + html_text(name) + "\" title=\"" + html_text(name) +
         "\" src=\"data:image/jpeg;base64," + to_base64(std::as_bytes(std::span(jpeg))) + "\">";
}

std::string score_text(float score) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.4f", static_cast<double>(score));
  return text.data();
}

std::string figure(std::size_t rank, const search_hit& hit, const thumbnail& shown) {
  const auto& about = hit.about;
  std::string more = std::to_string(about.width) + " × " + std::to_string(about.height) + ", " +
                     bytes_text(static_cast<std::uint64_t>(about.bytes));
  if (!shown.jpeg.empty() && !shown.trouble.empty())
    more += ", " + shown.trouble;
  return "<figure>" + picture(shown.jpeg, shown.trouble, about.image_path) +
         "<figcaption><span class=\"score\">" + std::to_string(rank) + ". " + score_text(hit.found.score) +
         "</span><br>" + html_text(about.image_path) + "<br><span class=\"more\">" + html_text(more) +
         "</span></figcaption></figure>\n";
}

} // namespace

std::string html_text(std::string_view raw) {
  std::string text;
  for (const char each : safe_text(raw))
    switch (each) {
    case '&':
      text += "&amp;";
      break;
    case '<':
      text += "&lt;";
      break;
    case '>':
      text += "&gt;";
      break;
    case '"':
      text += "&quot;";
      break;
    case '\'':
      text += "&#39;";
      break;
    default:
      text += each;
    }
  return text;
}

std::string contact_sheet(const search_outcome& outcome, const search_query& query, std::string_view own,
                          const std::vector<thumbnail>& pictures) {
  const auto& folder = outcome.folder;
  const auto name = html_text(query.text);
  std::string page(head);
  page += "<title>" + name + " – trainyard search</title>\n<h1>" + name + "</h1>\n";
  if (query.kind == search_query::of::image)
    page += picture(own, "the image cannot be shown", query.text);
  page += "<p>" + with_thousands(outcome.hits.size()) + " of " + with_thousands(folder.rows) +
          " images by cosine, model " + html_text(folder.model) + ", space " + html_text(folder.space_id) +
          ", " + html_text(folder.root.string()) +
          (folder.is_finished() ? "" : " (committed shards of a session that has not ended)") +
          "</p>\n<main>\n";
  for (std::size_t i = 0; i < outcome.hits.size(); ++i)
    page += figure(i + 1, outcome.hits[i], pictures.at(i));
  return page + "</main>\n</html>\n";
}

} // namespace trainyard
