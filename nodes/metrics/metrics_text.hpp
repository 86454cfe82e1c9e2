// Metrics as text: the Prometheus format, or OpenMetrics for those who ask for it.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trainyard {

enum class metrics_format { prometheus, open_metrics };
/// By the Accept header of a scrape.
[[nodiscard]] metrics_format metrics_format_of(std::string_view accept);
[[nodiscard]] std::string_view content_type_of(metrics_format format);

enum class metric_type { gauge, counter, info };
using metric_labels = std::vector<std::pair<std::string_view, std::string>>;

/// Families stand in the order in which they are begun; all samples of one follow it at once.
class metrics_text {
public:
  explicit metrics_text(metrics_format format) : format_(format) {}

  /// `name` without the ending "_total" or "_info" of its type; `unit` is its last word, or empty.
  void family(std::string_view name, metric_type type, std::string_view unit, std::string_view help);
  /// Of the family begun last. A value that is not finite is written as the formats have it.
  void sample(double value, const metric_labels& labels = {});
  [[nodiscard]] std::string finish() &&;

private:
  metrics_format format_;
  std::string sample_name_;
  std::string text_;
};

} // namespace trainyard
