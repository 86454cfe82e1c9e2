// stderr of a process: progress, notices, errors and log lines that never write into one another.
#pragma once

#include <mutex>
#include <string>

#include "config/settings.hpp"
#include "messages/failure.hpp"
#include "messages/wire.hpp"
#include "nodes/terminal/progress_view.hpp"

namespace trainyard {

/// Any thread. Takes over the process's log while it lives.
class console {
public:
  explicit console(const settings& from);
  ~console();
  console(const console&) = delete;
  console& operator=(const console&) = delete;

  void show(const session_progress& progress);
  void finish();
  /// A line for people; not part of JSON progress.
  void say(const std::string& line);
  void error(const failure& why);
  [[nodiscard]] const terminal_facts& facts() const { return facts_; }

private:
  void write(const std::string& text);
  void hide();

  std::mutex mutex_;
  terminal_facts facts_;
  progress_mode mode_;
  progress_view view_;
  std::optional<session_progress> last_;
};

} // namespace trainyard
