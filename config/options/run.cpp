// What is embedded, into what, and how it is shown.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array run_table{
    option{.key = "run.model",
           .flag = "--model",
           .standard = "efficientnet-lite0",
           .sentence =
               "Name of a model in the model store, ORG/NAME in Hugging Face's cache, or a model's folder."},
    option{.key = "run.out",
           .flag = "--out",
           .type = path,
           .standard = "trainyard-out",
           .sentence = "Folder for vectors, metadata and failures; running again with it resumes, or embeds "
                       "what is new."},
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
    option{.key = "run.prune",
           .flag = "--prune",
           .type = boolean,
           .standard = "false",
           .sentence = "Take images out of an existing output that are not in the folder any more."},
    option{.key = "run.retry_failed",
           .flag = "--retry-failed",
           .type = boolean,
           .standard = "false",
           .sentence = "Embed the images again that failed in earlier runs on the same output."},
    option{.key = "run.json",
           .flag = "--json",
           .type = boolean,
           .standard = "false",
           .sentence = "Write the result to stdout as one JSON object instead of a table."},
    option{.key = "run.dashboard",
           .flag = "--dashboard",
           .type = boolean,
           .standard = "false",
           .sentence =
               "Show the run on a page of this machine while it lasts; its address stands on stderr."},
    option{.key = "run.progress",
           .flag = "--progress",
           .type = choice,
           .standard = "auto",
           .sentence = "How progress is shown on stderr; auto is tty on a terminal and plain elsewhere.",
           .choices = "auto|tty|plain|json|none"},
};

} // namespace

std::span<const option> run() {
  return run_table;
}

} // namespace trainyard::option_sections
