// trainyard_coordinator_bench: what a session of millions of images costs its coordinator, as a table.
// The session's machine, manifest, ledger and shards are the product's; workers and time are simulated.
#include <cstdio>
#include <ctime>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "actors/coordinator/session_machine.hpp"
#include "actors/log.hpp"
#include "tests/simulation/bench/many_workers.hpp"
#include "tests/support/temp_dir.hpp"

namespace trainyard::simulation {
namespace {

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Resident now, MiB; 0 where there is no /proc.
double resident_mib() {
  long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*s %ld", &pages) != 1)
      pages = 0;
    std::fclose(file);
  }
  return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1'048'576.0;
}

struct figures {
  double listing_cpu = 0;
  double coordinator_cpu = 0;
  double rss_before = 0;
  double rss_listed = 0;
  double rss_most = 0;
  double rss_end = 0;
  std::uint64_t batches = 0;
  std::uint64_t published_bytes = 0;
  double virtual_seconds = 0;
  std::string state;
};

session_config config_of(const many_workers_plan& plan, const std::filesystem::path& out) {
  session_config config;
  config.session_id = "s1";
  config.directory = "/photos";
  config.out = out;
  config.root = "photos";
  config.model = "mock";
  config.space_id = "space";
  config.dim = plan.dim;
  config.precision = "fp32";
  config.dtype = "fp16";
  config.pool = "pool";
  config.batch_size = plan.batch_size;
  config.window.max_in_flight = 10 * plan.workers; // twice the credit of five batches each
  config.window.retry_after = std::chrono::seconds(90);
  return config;
}

/// One session's machine, with every call timed.
class measured_session {
public:
  measured_session(const many_workers_plan& plan, const std::filesystem::path& out)
      : plan_(plan), workers_(time_, plan) {
    session_ports ports;
    ports.self.tell = [this](session_message message) { later(duration::zero(), std::move(message)); };
    ports.self.tell_later = [this](std::chrono::milliseconds delay, session_message message) {
      later(delay, std::move(message));
    };
    ports.now = [this] { return time_.now(); };
    ports.start_listing = [this](std::shared_ptr<manifest_writer> manifest) {
      manifest_ = std::move(manifest);
    };
    ports.compare = [](const auto&) {}; // of a listing of an earlier run alone
    ports.stop_listing = [this] { manifest_.reset(); };
    ports.sinks.on_progress = [this](const session_progress& progress) {
      got_.rss_most = std::max(got_.rss_most, resident_mib());
      if (isatty(STDERR_FILENO) != 0)
        std::fprintf(stderr, "\r%llu", static_cast<unsigned long long>(progress.embedded));
    };
    ports.sinks.on_end = [this](const session_outcome& outcome) {
      got_.state = outcome.state + (outcome.why ? ": " + outcome.why->cause : "");
    };
    got_.rss_before = resident_mib();
    machine_.emplace(config_of(plan, out), workers_, ports);
  }

  figures run() {
    machine_->start();
    if (got_.state.empty())
      list();
    got_.rss_listed = resident_mib();
    const auto began = time_.now();
    timed([this] { machine_->on(listed{manifest_->durable_size(), 0, true}); });
    while (got_.state.empty() && time_.step())
      ;
    got_.virtual_seconds = std::chrono::duration<double>(time_.now() - began).count();
    got_.rss_end = resident_mib();
    got_.batches = workers_.published();
    got_.published_bytes = workers_.published_bytes();
    return got_;
  }

private:
  void list() {
    const auto began = cpu_seconds();
    char path[64];
    for (std::uint64_t i = 0; i < plan_.images; ++i) {
      std::snprintf(path, sizeof path, "2024/%06llu/image-%09llu.jpg",
                    static_cast<unsigned long long>(i / 1000), static_cast<unsigned long long>(i));
      if (!manifest_->append({path, 60'000, 1'700'000'000'000'000'000}))
        return;
    }
    (void)manifest_->seal();
    got_.listing_cpu = cpu_seconds() - began;
  }
  template <class Work>
  void timed(Work&& work) {
    const auto began = cpu_seconds();
    work();
    got_.coordinator_cpu += cpu_seconds() - began;
  }
  void later(duration delay, session_message message) {
    time_.after(delay, [this, message = std::move(message)] {
      timed([&] { std::visit([this](const auto& each) { machine_->on(each); }, message); });
    });
  }

  many_workers_plan plan_;
  timeline time_;
  many_workers workers_;
  figures got_;
  std::shared_ptr<manifest_writer> manifest_;
  std::optional<session_machine> machine_;
};

void print(const many_workers_plan& plan, const figures& got) {
  const auto thousands = static_cast<double>(got.batches) / 1000;
  std::printf("| %llu | %llu | %u | %llu | %.1f | %.3f | %.2f | %.0f | %.0f | %.0f | %.0f | %.0f | %s |\n",
              static_cast<unsigned long long>(plan.images), static_cast<unsigned long long>(plan.workers),
              plan.dim, static_cast<unsigned long long>(got.batches), got.coordinator_cpu,
              got.coordinator_cpu / thousands, got.listing_cpu, got.rss_before, got.rss_listed, got.rss_most,
              got.rss_end, got.virtual_seconds, got.state.c_str());
}

int run(many_workers_plan plan, const std::vector<std::uint64_t>& sizes, const std::string& disk) {
  log_settings quiet;
  quiet.level = log_level::error;
  set_up_log(quiet);
  std::puts("| images | workers | dim | batches | CPU s | CPU s per 1,000 batches | listing CPU s | RSS MiB "
            "before | "
            "listed | most | end | simulated s | state |");
  std::puts("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
  for (const auto images : sizes) {
    plan.images = images;
    const testing::temp_dir dir(disk);
    measured_session session(plan, dir.path() / "out");
    print(plan, session.run());
    std::fflush(stdout);
  }
  return 0;
}

} // namespace
} // namespace trainyard::simulation

int main(int count, char** values) try {
  CLI::App app("What a session of many images on many workers costs its coordinator");
  trainyard::simulation::many_workers_plan plan;
  std::vector<std::uint64_t> sizes{1'000'000};
  std::string disk = std::filesystem::temp_directory_path().string();
  app.add_option("--images", sizes, "of each session");
  app.add_option("--workers", plan.workers);
  app.add_option("--dim", plan.dim, "of a vector");
  app.add_option("--disk", disk, "directory for the sessions' folders");
  CLI11_PARSE(app, count, values);
  return trainyard::simulation::run(plan, sizes, disk);
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 70;
}
