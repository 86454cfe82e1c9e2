// Photos, processes and looks at folders.
#include "tests/integration/run/run_bench.hpp"

namespace trainyard::testing {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

temp_dir* run_bench::shared_ = nullptr;

run_bench::run_bench() : program(TRAINYARD_BINARY) {}

void run_bench::SetUpTestSuite() {
  shared_ = new temp_dir;
  child_process making(shared_->path(),
                       {TRAINYARD_PYTHON, "ops/sample_photos.py", photos().string(), "--count", "96"});
  const auto made = making.wait(120s);
  ASSERT_TRUE(made && made->status == 0) << (made ? made->err : "too slow");
}

void run_bench::TearDownTestSuite() {
  delete shared_;
  shared_ = nullptr;
}

child_process run_bench::start(std::vector<std::string> arguments,
                               std::vector<std::string> environment) const {
  fs::create_directories(runtime());
  arguments.insert(arguments.begin(), program);
  environment.push_back("XDG_RUNTIME_DIR=" + runtime().string());
  environment.push_back("XDG_CONFIG_HOME=" + (dir.path() / "config").string());
  environment.push_back("XDG_STATE_HOME=" + (dir.path() / "state").string());
  return child_process(dir.path(), std::move(arguments), std::move(environment));
}

finished_process run_bench::trainyard(std::vector<std::string> arguments,
                                      std::vector<std::string> environment) const {
  auto running = start(std::move(arguments), std::move(environment));
  auto finished = running.wait(180s);
  EXPECT_TRUE(finished) << "still running: " << running.err_so_far();
  return finished.value_or(finished_process{});
}

std::vector<std::string> run_bench::run_arguments(const fs::path& from, const fs::path& to) {
  return {"run", from.string(),  "--out", to.string(),  "--json", "--batch-size",
          "4",   "--shard-rows", "24",    "--progress", "json"};
}

nlohmann::json run_bench::report_of(const finished_process& finished) {
  auto report = nlohmann::json::parse(finished.out, nullptr, false);
  EXPECT_TRUE(report.is_object()) << "stdout is not one JSON object: " << finished.out << finished.err;
  return report;
}

nlohmann::json run_bench::check_folder(const fs::path& from, const fs::path& to) const {
  child_process checking(
      dir.path(), {TRAINYARD_PYTHON, "tests/integration/run/check_folder.py", from.string(), to.string()});
  const auto checked = checking.wait(60s);
  EXPECT_TRUE(checked && checked->status == 0) << (checked ? checked->err : "too slow");
  return nlohmann::json::parse(checked ? checked->out : "", nullptr, false);
}

std::map<std::string, std::string> run_bench::visible_bytes(const fs::path& folder) {
  std::map<std::string, std::string> bytes;
  for (auto each = fs::recursive_directory_iterator(folder); each != fs::end(each); ++each)
    if (each->path().filename() == ".trainyard")
      each.disable_recursion_pending();
    else if (each->is_regular_file())
      bytes[fs::relative(each->path(), folder).string()] = content_of(each->path());
  return bytes;
}

std::uintmax_t run_bench::ledger_bytes(const fs::path& folder) {
  std::error_code ignored; // the run makes and removes files while we look
  std::uintmax_t bytes = 0;
  for (const auto& each : fs::directory_iterator(folder / ".trainyard" / "segments", ignored)) {
    const auto size = each.file_size(ignored);
    bytes += ignored ? 0 : size;
  }
  return bytes;
}

bool run_bench::nothing_left_behind() const {
  std::error_code ignored;
  return fs::is_empty(runtime(), ignored);
}

pid_t run_bench::server_pid() const {
  std::error_code ignored;
  for (const auto& each : fs::recursive_directory_iterator(runtime(), ignored)) {
    const auto name = each.path().filename().string(); // the server writes nats-server_PID.ports
    if (name.starts_with("nats-server_") && name.ends_with(".ports"))
      return std::stoi(name.substr(12));
  }
  return 0;
}

fs::path run_bench::a_jpeg() {
  for (const auto& each : fs::recursive_directory_iterator(photos()))
    if (each.path().extension() == ".jpg")
      return each.path();
  return {};
}

} // namespace trainyard::testing
