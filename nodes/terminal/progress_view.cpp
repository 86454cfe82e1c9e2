// What is due in each mode, and the escapes of a redrawn line.
#include "nodes/terminal/progress_view.hpp"

#include "nodes/terminal/progress_line.hpp"

namespace trainyard {
namespace {

using namespace std::chrono_literals;

constexpr auto tty_gap = 100ms;
constexpr auto plain_gap = 10s;
constexpr auto json_gap = 1s;
constexpr double plain_step = 0.05;
constexpr const char* redraw = "\r\033[K";

} // namespace

moment moment::now() {
  return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

progress_view::progress_view(progress_mode mode, terminal_facts facts)
    : mode_(mode), facts_(std::move(facts)) {}

std::string progress_view::update(const session_progress& progress, const moment& at, std::size_t columns) {
  if (mode_ == progress_mode::none || !due(progress, at))
    return "";
  last_ = at.steady;
  last_state_ = progress.state;
  last_fraction_ = fraction_of(progress);
  return draw(progress, at, columns);
}

std::string progress_view::finish(const session_progress& progress, const moment& at, std::size_t columns) {
  if (mode_ == progress_mode::none)
    return "";
  auto text = draw(progress, at, columns);
  if (mode_ == progress_mode::tty)
    text += "\n";
  drawn_ = false;
  return text;
}

std::string progress_view::hide() {
  if (!drawn_)
    return "";
  drawn_ = false;
  last_.reset();
  return redraw;
}

bool progress_view::due(const session_progress& progress, const moment& at) const {
  if (!last_ || progress.state != last_state_)
    return true;
  const auto passed = at.steady - *last_;
  if (mode_ == progress_mode::tty)
    return passed >= tty_gap;
  if (mode_ == progress_mode::json)
    return passed >= json_gap;
  // The small allowance keeps 0.15 - 0.10 a step of 5 %.
  return passed >= plain_gap || fraction_of(progress) - last_fraction_ >= plain_step - 1e-9;
}

std::string progress_view::draw(const session_progress& progress, const moment& at, std::size_t columns) {
  if (mode_ == progress_mode::json)
    return json_line(progress, at.wall);
  if (mode_ == progress_mode::plain)
    return plain_line(progress);
  drawn_ = true;
  return redraw + tty_line(progress, columns, facts_.utf8);
}

} // namespace trainyard
