// Findings as lines and as JSON.
#include "nodes/doctor/finding.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "messages/json_codec.hpp"
#include "nodes/terminal/safe_text.hpp"

namespace trainyard {
namespace {

constexpr std::size_t text_column = 22; ///< behind the verdict and the check's name

std::string word_of(verdict how, bool colour) {
  const std::string word = how == verdict::good      ? "ok"
                           : how == verdict::warning ? "warn"
                           : how == verdict::bad     ? "FAIL"
                                                     : "-";
  const std::string gap(6 - word.size(), ' ');
  if (!colour || how == verdict::unknown)
    return word + gap;
  const char* tone = how == verdict::good ? "32" : how == verdict::warning ? "33" : "1;31";
  return "\033[" + std::string(tone) + "m" + word + "\033[0m" + gap;
}

/// Several lines of a cause are one here.
std::string on_one_line(std::string text) {
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at))
    text.replace(at, 1, "; ");
  return safe_text(text);
}

std::string sum_of(const findings& all) {
  const auto count = [&](verdict how) { return std::ranges::count(all, how, &finding::how); };
  auto text = std::to_string(all.size()) + " checks: " + std::to_string(count(verdict::good)) + " good";
  if (const auto warnings = count(verdict::warning))
    text += ", " + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  if (const auto wrong = count(verdict::bad))
    text += ", " + std::to_string(wrong) + " bad";
  if (const auto unknowns = count(verdict::unknown))
    text += ", " + std::to_string(unknowns) + " not to be known";
  return text + "\n";
}

} // namespace

std::string_view to_string(verdict which) noexcept {
  switch (which) {
  case verdict::good:
    return "good";
  case verdict::warning:
    return "warning";
  case verdict::bad:
    return "bad";
  case verdict::unknown:
    break;
  }
  return "unknown";
}

finding good(std::string check, std::string text) {
  return {verdict::good, std::move(check), std::move(text)};
}

finding warning(std::string check, std::string text, std::string remedy) {
  return {verdict::warning, std::move(check), std::move(text), std::move(remedy)};
}

finding bad(std::string check, const failure& why) {
  return {verdict::bad, std::move(check), why.cause, why.remedy, code_of(why.kind)};
}

finding unknown(std::string check, std::string text) {
  return {verdict::unknown, std::move(check), std::move(text)};
}

bool all_work(const findings& all) {
  return std::ranges::count(all, verdict::bad, &finding::how) == 0;
}

std::string findings_text(const findings& all, bool colour) {
  std::string out;
  for (const auto& each : all) {
    auto name = each.check;
    name.resize(std::max(name.size() + 2, text_column - 6), ' ');
    out += word_of(each.how, colour) + name + on_one_line(each.text) +
           (each.code.empty() ? "" : " code=" + each.code) + "\n";
    if (!each.remedy.empty())
      out += std::string(text_column, ' ') + on_one_line(each.remedy) + "\n";
  }
  return out + "\n" + sum_of(all);
}

std::string findings_json(const findings& all, std::string_view role) {
  auto checks = nlohmann::json::array();
  for (const auto& each : all) {
    nlohmann::json one{
        {"check", each.check}, {"verdict", to_string(each.how)}, {"text", printable_utf8(each.text)}};
    if (!each.remedy.empty())
      one["remedy"] = printable_utf8(each.remedy);
    if (!each.code.empty())
      one["code"] = each.code;
    checks.push_back(std::move(one));
  }
  return nlohmann::json{{"schema", 1}, {"ok", all_work(all)}, {"role", role}, {"checks", std::move(checks)}}
             .dump() +
         "\n";
}

} // namespace trainyard
