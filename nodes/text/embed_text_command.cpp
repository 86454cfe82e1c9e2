// Model, texts, vectors: every text is embedded before anything is shown or written.
#include "nodes/text/embed_text_command.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "actors/disk/durable_file.hpp"
#include "actors/log.hpp"
#include "nodes/models/model_stores.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/terminal/safe_text.hpp"
#include "nodes/text/text_report.hpp"

namespace trainyard {
namespace {

result<std::vector<embedded_text>> embed_all(const text_model& model, const std::vector<std::string>& texts) {
  std::vector<embedded_text> embedded;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto vector = model.embed(texts[i]);
    if (!vector)
      return fail(vector.error().kind,
                  (texts.size() > 1 ? "text " + std::to_string(i + 1) + ": " : "") + vector.error().cause,
                  vector.error().remedy);
    if (const auto notice = cut_notice(texts[i], *vector); !notice.empty())
      std::fputs((safe_text(notice) + "\n").c_str(), stderr);
    embedded.push_back({texts[i], std::move(*vector)});
  }
  return embedded;
}

result<std::string> run_embed_text(const std::vector<std::string>& texts, const settings& from) {
  const auto folder = models_of(from).resolve(from.text("run.model"));
  if (!folder)
    return tl::unexpected(folder.error());
  const auto model =
      text_model::load(*folder, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  if (!model)
    return tl::unexpected(model.error());
  const auto embedded = embed_all(*model, texts);
  if (!embedded)
    return tl::unexpected(embedded.error());
  const auto& identity = model->identity();
  const auto into = from.path("text.out");
  if (!into.empty())
    if (auto written = replace_file(std::filesystem::absolute(into), texts_npy(*embedded, identity));
        !written)
      return tl::unexpected(written.error());
  return from.boolean("run.json") ? texts_json(*embedded, identity, into)
                                  : texts_table(*embedded, identity, into);
}

} // namespace

int embed_text_command(const std::vector<std::string>& texts, const settings& from) {
  set_up_log(
      {from.is_given("log.level") ? log_level_of(from.text("log.level")) : log_level::warn, false, {}});
  const auto shown = run_embed_text(texts, from);
  if (!shown)
    return fail_with(shown.error());
  return print(*shown);
}

} // namespace trainyard
