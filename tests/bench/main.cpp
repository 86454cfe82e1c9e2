// trainyard_bench decode|forward DIR: one stage of the product alone, as one JSON object on stdout.
#include <cstdio>
#include <exception>
#include <thread>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "actors/device/memory/process_memory.hpp"
#include "actors/device/model/load_model.hpp"
#include "tests/bench/decode_bench.hpp"
#include "tests/bench/forward_bench.hpp"

namespace trainyard::bench {
namespace {

result<bench_figures> measure(const std::string& stage, const bench_plan& plan) {
  if (stage == "forward")
    return measure_forward(plan);
  const auto identity = describe_model(plan.model_folder);
  if (!identity)
    return tl::unexpected(identity.error());
  return measure_decode(plan, identity->image);
}

nlohmann::ordered_json report_of(const std::string& stage, const bench_plan& plan, const bench_figures& got) {
  const auto images = static_cast<double>(got.images);
  nlohmann::ordered_json report{{"stage", stage},
                                {"images", got.images},
                                {"failed", got.failed},
                                {"seconds", got.seconds},
                                {"images_per_second", images / got.seconds},
                                {"threads", plan.threads},
                                {"cpu_seconds", got.cpu_seconds},
                                {"cpu_seconds_per_image", got.cpu_seconds / std::max(1.0, images)},
                                {"cores", std::max(1U, std::thread::hardware_concurrency())}};
  if (stage == "forward") {
    report["lanes"] = plan.lanes;
    report["precision"] = plan.precision;
    report["micro_batch"] = plan.micro_batch;
  } else {
    report["stages"] = {{"read", got.read_seconds}, {"decode", got.decode_seconds}};
  }
  return report;
}

int run(const std::string& stage, const bench_plan& plan) {
  keep_freed_memory(); // as `trainyard run` does
  const auto figures = measure(stage, plan);
  if (!figures) {
    std::fprintf(stderr, "error: %s\n  %s\n", figures.error().cause.c_str(), figures.error().remedy.c_str());
    return exit_status_of(figures.error().kind);
  }
  std::puts(report_of(stage, plan, *figures).dump().c_str());
  return 0;
}

} // namespace
} // namespace trainyard::bench

int main(int count, char** values) try {
  trainyard::bench::bench_plan plan;
  std::string stage;
  double seconds = plan.at_least.count();
  CLI::App app("Measures one stage of trainyard alone");
  app.add_option("STAGE", stage, "decode or forward")
      ->required()
      ->check(CLI::IsMember({"decode", "forward"}));
  app.add_option("DIR", plan.directory, "directory of photos")->required()->check(CLI::ExistingDirectory);
  app.add_option("--model", plan.model_folder, "model folder")->required()->check(CLI::ExistingDirectory);
  app.add_option("--seconds", seconds, "measure at least this long")->check(CLI::Range(0.0, 3600.0));
  app.add_option("--threads", plan.threads, "decode threads, or threads of a pass")
      ->check(CLI::Range(1, 256));
  app.add_option("--lanes", plan.lanes, "forward: models side by side")->check(CLI::Range(1, 256));
  app.add_option("--precision", plan.precision, "forward: of the network")
      ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}));
  app.add_option("--micro-batch", plan.micro_batch, "forward: images a call")->check(CLI::Range(1, 1024));
  CLI11_PARSE(app, count, values);
  plan.at_least = std::chrono::duration<double>(seconds);
  return trainyard::bench::run(stage, plan);
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 70;
}
