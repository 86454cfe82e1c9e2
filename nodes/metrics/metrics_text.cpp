// The two formats differ in names of families, in units and in their end.
#include "nodes/metrics/metrics_text.hpp"

#include <cmath>
#include <cstdint>
#include <cstdio>

namespace trainyard {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char each : text) {
    if (each == '\\' || each == '"')
      (out += '\\') += each;
    else if (each == '\n')
      out += "\\n";
    else
      out += each;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value))
    return "NaN";
  if (std::isinf(value))
    return value > 0 ? "+Inf" : "-Inf";
  char text[40] = {};
  if (value == std::floor(value) && std::fabs(value) < 9e15)
    std::snprintf(text, sizeof text, "%lld", static_cast<long long>(value));
  else
    std::snprintf(text, sizeof text, "%.15g", value);
  for (char& each : text)
    each = each == ',' ? '.' : each; // whatever the locale says
  return text;
}

std::string_view ending_of(metric_type type) {
  return type == metric_type::counter ? "_total" : type == metric_type::info ? "_info" : "";
}

} // namespace

metrics_format metrics_format_of(std::string_view accept) {
  return accept.find("application/openmetrics-text") == accept.npos ? metrics_format::prometheus
                                                                    : metrics_format::open_metrics;
}

std::string_view content_type_of(metrics_format format) {
  return format == metrics_format::open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                                : "text/plain; version=0.0.4; charset=utf-8";
}

void metrics_text::family(std::string_view name, metric_type type, std::string_view unit,
                          std::string_view help) {
  sample_name_ = std::string(name) + std::string(ending_of(type));
  const bool open = format_ == metrics_format::open_metrics;
  const auto shown = open ? std::string(name) : sample_name_;
  const std::string_view word = type == metric_type::counter        ? "counter"
                                : type == metric_type::info && open ? "info"
                                                                    : "gauge";
  text_ += "# HELP " + shown + " " + std::string(help) + "\n";
  text_ += "# TYPE " + shown + " " + std::string(word) + "\n";
  if (open && !unit.empty())
    text_ += "# UNIT " + shown + " " + std::string(unit) + "\n";
}

void metrics_text::sample(double value, const metric_labels& labels) {
  text_ += sample_name_;
  for (std::size_t i = 0; i < labels.size(); ++i)
    text_ += (i == 0 ? "{" : ",") + std::string(labels[i].first) + "=\"" + escaped(labels[i].second) + "\"";
  text_ += (labels.empty() ? " " : "} ") + number(value) + "\n";
}

std::string metrics_text::finish() && {
  return std::move(text_) + (format_ == metrics_format::open_metrics ? "# EOF\n" : "");
}

} // namespace trainyard
