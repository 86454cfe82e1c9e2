// The commands.
#include "config/commands.hpp"

#include <algorithm>
#include <array>

namespace trainyard {
namespace {

using names = std::string_view;

constexpr std::array<names, 4> run_sections{"run", "device", "paths", "log"};
constexpr std::array<names, 9> every_section{"run",     "device",  "nats",  "cluster", "images",
                                             "gateway", "metrics", "paths", "log"};

/// All of the section "nats" but how streams are made, which is not for clients to say.
constexpr std::array<names, 15> login_keys{
    "nats.url",         "nats.context", "nats.user",        "nats.password", "nats.token",
    "nats.credentials", "nats.nkey",    "nats.nkey_public", "nats.tls",      "nats.tls_ca",
    "nats.tls_cert",    "nats.tls_key", "nats.domain",      "nats.prefix",   "nats.inbox_prefix"};

template <std::size_t Count>
constexpr auto login_and(const std::array<names, Count>& more) {
  std::array<names, login_keys.size() + Count> all;
  std::ranges::copy(more, std::ranges::copy(login_keys, all.begin()).out);
  return all;
}

constexpr std::array<names, 5> coordinator_sections{"nats", "cluster", "images", "metrics", "log"};
constexpr std::array<names, 6> coordinator_keys{"run.model",      "run.batch_size",   "run.dtype",
                                                "run.shard_rows", "device.precision", "paths.models_dir"};
constexpr std::array<names, 4> worker_sections{"device", "nats", "metrics", "log"};
constexpr std::array<names, 6> worker_keys{"run.model",        "cluster.root",  "cluster.node",
                                           "paths.models_dir", "paths.decoder", "paths.state_dir"};

constexpr std::array<names, 2> gateway_sections{"gateway", "log"};
constexpr auto gateway_keys = login_and<2>({"cluster.node", "paths.state_dir"});

constexpr std::array<names, 1> submit_sections{"job"};
constexpr auto submit_keys =
    login_and<10>({"run.model", "run.batch_size", "run.dtype", "run.prune", "run.json", "run.progress",
                   "log.level", "log.format", "device.precision", "device.gpu_batch_size"});
constexpr auto client_keys = login_and<1>({"run.json"});
constexpr auto watch_keys = login_and<4>({"run.json", "run.progress", "log.level", "log.format"});
constexpr std::array<names, 1> failures_sections{"page"};

constexpr std::array<names, 1> search_sections{"search"};
constexpr std::array<names, 8> search_keys{"run.model",
                                           "run.json",
                                           "device.decode_isolation",
                                           "device.decode_time_limit",
                                           "device.decode_memory_limit",
                                           "paths.models_dir",
                                           "paths.decoder",
                                           "log.level"};

constexpr std::array<names, 1> text_sections{"text"};
constexpr std::array<names, 4> text_keys{"run.model", "run.json", "paths.models_dir", "log.level"};

constexpr std::array<names, 1> export_sections{"export"};
constexpr std::array<names, 1> export_keys{"run.json"};

constexpr std::array<names, 1> models_sections{"paths"};

constexpr std::array<names, 4> doctor_sections{"doctor", "device", "gateway", "paths"};
constexpr auto doctor_keys = login_and<6>(
    {"run.model", "run.out", "run.json", "cluster.root", "cluster.output_root", "images.remote_root"});

constexpr std::array<names, 10> service_sections{"run",     "device",  "nats",    "cluster", "images",
                                                 "gateway", "metrics", "service", "paths",   "log"};

constexpr command about_service(names name, names sentence) {
  return {.name = name,
          .sentence = sentence,
          .positional = "ROLE",
          .positional_sentence = "coordinator, worker or gateway; its flags become the service's.",
          .positional_choices = "coordinator|worker|gateway",
          .sections = service_sections};
}

constexpr names of_session = "Id of the session, as `trainyard sessions` lists it.";

constexpr command about_session(names name, names sentence) {
  return {.name = name,
          .sentence = sentence,
          .positional = "ID",
          .positional_sentence = of_session,
          .keys = client_keys};
}

constexpr std::array list{
    command{.name = "run",
            .sentence = "Embed all images of a folder on this machine.",
            .positional = "DIR",
            .positional_sentence = "Folder of images, with all folders below it.",
            .sections = run_sections},
    command{.name = "coordinator",
            .sentence = "Take sessions from a cluster's clients, and see them through.",
            .sections = coordinator_sections,
            .keys = coordinator_keys},
    command{.name = "worker",
            .sentence = "Embed on this machine's devices for a cluster.",
            .sections = worker_sections,
            .keys = worker_keys},
    command{.name = "gateway",
            .sentence = "Serve a cluster's HTTP API and dashboard.",
            .sections = gateway_sections,
            .keys = gateway_keys},
    command{
        .name = "submit",
        .sentence = "Give a cluster a folder of images to embed.",
        .positional = "DIR",
        .positional_sentence =
            "Folder of images as coordinator and workers see it: below --root, or absolute. With --upload: "
            "of this machine.",
        .sections = submit_sections,
        .keys = submit_keys},
    command{.name = "sessions", .sentence = "List the sessions of a cluster.", .keys = client_keys},
    about_session("status", "Show how far a session is."),
    command{.name = "watch",
            .sentence = "Follow a session to its end, then show its report.",
            .positional = "ID",
            .positional_sentence = of_session,
            .keys = watch_keys},
    about_session("pause", "Stop a session until it is resumed; what is done stays done."),
    about_session("resume", "Let a paused session go on."),
    about_session("cancel", "End a session for good; what is done stays done."),
    about_session("retry", "Embed a session's failed images again."),
    command{.name = "failures",
            .sentence = "List a session's failed images.",
            .positional = "ID",
            .positional_sentence = of_session,
            .sections = failures_sections,
            .keys = client_keys},
    command{.name = "devices", .sentence = "List the devices of a cluster.", .keys = client_keys},
    command{.name = "search",
            .sentence = "Find the images of an output folder that are nearest to an image or a text.",
            .positional = "OUT",
            .positional_sentence = "Output folder, finished or still growing.",
            .sections = search_sections,
            .keys = search_keys,
            .letter = "-k",
            .letter_of = "search.hits"},
    command{.name = "embed-text",
            .sentence = "Embed texts into the space of a model's images.",
            .positional = "TEXT",
            .positional_sentence = "Text to embed; each one is a vector of its own.",
            .sections = text_sections,
            .keys = text_keys,
            .many = true},
    command{.name = "export",
            .sentence = "Write an output folder in the form of a database or another library.",
            .positional = "OUT",
            .positional_sentence = "Output folder, finished or still growing.",
            .sections = export_sections,
            .keys = export_keys},
    command{.name = "models list",
            .sentence = "List the models that this machine has, with those in Hugging Face's cache.",
            .sections = models_sections,
            .keys = client_keys},
    command{.name = "models add",
            .sentence = "Put a model into the store: checked, copied, and with golden vectors of its own.",
            .positional = "MODEL",
            .positional_sentence = "A model's folder, or ORG/NAME of a repository in Hugging Face's cache.",
            .sections = models_sections,
            .keys = client_keys},
    command{.name = "models check",
            .sentence = "Check a model's files, and what this CPU makes of it in each precision.",
            .positional = "MODEL",
            .positional_sentence = "Name of a model in the store, its folder, or ORG/NAME.",
            .sections = models_sections,
            .keys = client_keys},
    about_service("service install", "Have this machine's systemd or launchd keep a role running."),
    about_service("service uninstall", "Take a role's service away again."),
    about_service("service status", "Show whether a role's service is installed and runs."),
    about_service("service print", "Show the file that `service install` would write."),
    command{.name = "doctor",
            .sentence = "Look at all that a role needs on this machine, and change nothing.",
            .sections = doctor_sections,
            .keys = doctor_keys},
    command{.name = "config show",
            .sentence = "Show every option's value as trainyard would use it now.",
            .sections = every_section,
            .switch_name = "--origin",
            .switch_sentence = "Say where each value comes from."},
    command{.name = "completion",
            .sentence = "Show a script that completes command lines of trainyard in a shell.",
            .positional = "SHELL",
            .positional_sentence = "bash, zsh or fish.",
            .positional_choices = "bash|zsh|fish"},
    command{.name = "man", .sentence = "Show the manual page, as man and groff read it."},
    command{.name = "version", .sentence = "Show the version."},
};

} // namespace

std::span<const command> commands() {
  return list;
}

bool takes(const command& of, const option& which) {
  const auto section = which.key.substr(0, which.key.find('.'));
  return std::ranges::find(of.sections, section) != of.sections.end() ||
         std::ranges::find(of.keys, which.key) != of.keys.end();
}

} // namespace trainyard
