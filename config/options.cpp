// The table itself, and what is looked up in it.
#include "config/options.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "config/edit_distance.hpp"

namespace trainyard {
namespace {

using enum option_type;

constexpr std::array table{
    option{.key = "run.model",
           .flag = "--model",
           .standard = "efficientnet-lite0",
           .sentence = "Name of a model in the model store, or a folder with config.json and *.safetensors."},
    option{.key = "run.out",
           .flag = "--out",
           .type = path,
           .standard = "trainyard-out",
           .sentence = "Folder for vectors, metadata and failures; running again with it resumes."},
    option{.key = "run.batch_size",
           .flag = "--batch-size",
           .type = integer,
           .standard = "64",
           .sentence = "Images that are dispatched to a device together.",
           .least = 1,
           .most = 1024,
           .unit = "images"},
    option{.key = "run.dtype",
           .flag = "--dtype",
           .type = choice,
           .standard = "fp16",
           .sentence = "Number format in which the vectors are stored.",
           .choices = "fp16|fp32"},
    option{.key = "run.shard_rows",
           .flag = "--shard-rows",
           .type = integer,
           .standard = "10000",
           .sentence = "Vectors per output file.",
           .least = 1,
           .most = 10'000'000,
           .unit = "rows"},
    option{.key = "run.json",
           .flag = "--json",
           .type = boolean,
           .standard = "false",
           .sentence = "Write the final report to stdout as one JSON object instead of a table."},
    option{.key = "run.progress",
           .flag = "--progress",
           .type = choice,
           .standard = "auto",
           .sentence = "How progress is shown on stderr; auto is tty on a terminal and plain elsewhere.",
           .choices = "auto|tty|plain|json|none"},
    option{.key = "device.use",
           .flag = "--device",
           .standard = "auto",
           .sentence = "Device to embed on: auto takes the best one; else cpu, cuda:0, mps and so on."},
    option{.key = "device.precision",
           .flag = "--precision",
           .type = choice,
           .standard = "auto",
           .sentence =
               "Number format of the forward pass; auto is fp32, which is in the same space everywhere.",
           .choices = "auto|fp32|bf16|fp16"},
    option{.key = "device.gpu_batch_size",
           .flag = "--gpu-batch-size",
           .type = integer,
           .standard = "auto",
           .sentence = "Images per forward pass; auto is 8 on MPS, 16 on CUDA, 32 on a CPU.",
           .least = 1,
           .most = 1024,
           .unit = "images",
           .legacy_environment = "GPU_BATCH_SIZE",
           .automatic = true},
    option{.key = "device.gpu_memory_cleanup",
           .flag = "--gpu-memory-cleanup",
           .type = boolean,
           .standard = "true",
           .sentence = "Collect the device's unused memory periodically, not only when it runs short.",
           .legacy_environment = "GPU_MEMORY_CLEANUP_ENABLED"},
    option{.key = "device.gpu_memory_cleanup_interval",
           .flag = "--gpu-memory-cleanup-interval",
           .type = integer,
           .standard = "auto",
           .sentence = "Images between two periodic collections; auto is 30 on MPS, 50 elsewhere.",
           .least = 1,
           .most = 1'000'000'000,
           .unit = "images",
           .legacy_environment = "GPU_MEMORY_CLEANUP_INTERVAL",
           .automatic = true},
    option{.key = "device.memory_fraction",
           .flag = "--memory-fraction",
           .type = number,
           .standard = "0.9",
           .sentence = "Most of a device's memory that is used; of a Mac's recommended working set.",
           .least = 0.05,
           .most = 1},
    option{.key = "device.soft_memory_mark",
           .flag = "--soft-memory-mark",
           .type = number,
           .standard = "0.85",
           .sentence = "Share of the usable memory from which unused memory is collected early; 0 is never.",
           .least = 0,
           .most = 1},
    option{.key = "device.hard_memory_mark",
           .flag = "--hard-memory-mark",
           .type = number,
           .standard = "0.95",
           .sentence = "Share of the usable memory from which forward passes are made smaller; 0 is never.",
           .least = 0,
           .most = 1},
    option{.key = "device.oom_recovery",
           .flag = "--oom-recovery",
           .type = boolean,
           .standard = "true",
           .sentence = "Collect, retry and make smaller passes when memory runs out; off only to measure."},
    option{.key = "device.cuda_expandable_segments",
           .flag = "--cuda-expandable-segments",
           .type = boolean,
           .standard = "true",
           .sentence = "Let CUDA's allocator grow its segments, against fragmentation."},
    option{.key = "device.cuda_collection_threshold",
           .flag = "--cuda-collection-threshold",
           .type = number,
           .standard = "0.8",
           .sentence =
               "Share of the memory fraction from which CUDA's allocator frees old blocks; 0 is never.",
           .least = 0,
           .most = 0.99},
    option{.key = "device.decode_threads",
           .flag = "--decode-threads",
           .type = integer,
           .standard = "auto",
           .sentence = "Threads that read and decode images.",
           .least = 1,
           .most = 256,
           .unit = "threads",
           .automatic = true},
    option{.key = "device.forward_threads",
           .flag = "--forward-threads",
           .type = integer,
           .standard = "auto",
           .sentence = "Lanes of a CPU device: forward passes side by side, a thread each.",
           .least = 1,
           .most = 256,
           .unit = "threads",
           .automatic = true},
    option{.key = "device.prefetch",
           .flag = "--prefetch",
           .type = integer,
           .standard = "3",
           .sentence = "Batches that a device holds ready or in work at once.",
           .least = 1,
           .most = 64,
           .unit = "batches"},
    option{.key = "paths.models_dir",
           .flag = "--models-dir",
           .type = path,
           .standard = "auto",
           .sentence =
               "Folder of models by name; auto looks beside the program, then in the user's data folder."},
    option{.key = "paths.nats_server",
           .flag = "--nats-server",
           .type = path,
           .standard = "auto",
           .sentence = "The nats-server program of a private run; auto looks in PATH and the usual folders."},
    option{.key = "paths.state_dir",
           .flag = "--state-dir",
           .type = path,
           .standard = "auto",
           .sentence =
               "Folder for what is learned of this machine's devices; auto is the user's state folder."},
    option{.key = "log.level",
           .flag = "--log-level",
           .type = choice,
           .standard = "info",
           .sentence = "Least severity that is logged to stderr.",
           .choices = "debug|info|warn|error|off"},
};

std::string_view name_of(std::string_view key) {
  return key.substr(key.find('.') + 1);
}

} // namespace

std::span<const option> options() {
  return table;
}

const option* find_option(std::string_view key) {
  const auto found = std::ranges::find(table, key, &option::key);
  return found == table.end() ? nullptr : &*found;
}

std::string environment_name(const option& which) {
  std::string name = "TRAINYARD_" + std::string(which.flag.substr(2));
  for (char& each : name)
    each = each == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  return name;
}

std::optional<std::string_view> nearest_key(std::string_view key) {
  nearest best(key);
  nearest best_name(name_of(key)); // "model" and "rum.model" both mean run.model
  for (const auto& each : table) {
    best.consider(each.key, each.key);
    best_name.consider(name_of(each.key), each.key);
  }
  return best.distance() <= best_name.distance() ? best.found() : best_name.found();
}

} // namespace trainyard
