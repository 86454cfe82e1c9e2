// A process in a cluster, a job for it, and a page of its answers.
#include "config/options/sections.hpp"

#include <array>

namespace trainyard::option_sections {
namespace {

using enum option_type;

constexpr std::array cluster_table{
    option{.key = "cluster.root",
           .flag = "--root",
           .type = list,
           .standard = "",
           .sentence = "Folders of images by the name that the whole cluster knows them under.",
           .item = "NAME=PATH",
           .named_paths = true},
    option{.key = "cluster.output_root",
           .flag = "--output-root",
           .type = path,
           .standard = "trainyard-sessions",
           .sentence = "Folder of the coordinator that holds every session's output folder."},
    option{.key = "cluster.node",
           .flag = "--node",
           .standard = "auto",
           .sentence = "This process's name in the cluster; auto is the host's name."},
    option{.key = "cluster.sessions",
           .flag = "--max-sessions",
           .type = integer,
           .standard = "64",
           .sentence = "Most sessions that a coordinator works on at once; more wait.",
           .least = 1,
           .most = 10'000,
           .unit = "sessions"},
};

constexpr std::array job_table{
    option{.key = "job.session_id",
           .flag = "--session-id",
           .standard = "",
           .sentence =
               "Id of the new session; the same id twice is the same session. Not set: one is made up."},
    option{.key = "job.root",
           .flag = "--root",
           .standard = "",
           .sentence = "Name of the root that DIR is relative to. Not set: DIR is absolute and inside one.",
           .environment = "TRAINYARD_JOB_ROOT"},
    option{.key = "job.priority",
           .flag = "--priority",
           .type = integer,
           .standard = "1",
           .sentence = "0 to 2; work of priority 2 goes to devices first.",
           .least = 0,
           .most = 2},
    option{.key = "job.weight",
           .flag = "--weight",
           .type = number,
           .standard = "1",
           .sentence = "Share of the devices among sessions of one priority.",
           .least = 0.01,
           .most = 1000},
    option{.key = "job.output",
           .flag = "--output",
           .standard = "",
           .sentence = "Folder below the coordinator's output root. Not set: the session's id."},
    option{.key = "job.upload",
           .flag = "--upload",
           .type = boolean,
           .standard = "false",
           .sentence = "Send DIR's images to the coordinators first; DIR is a folder of this machine."},
    option{.key = "job.wait",
           .flag = "--wait",
           .type = boolean,
           .standard = "false",
           .sentence = "Follow the session to its end, as `trainyard run` does."},
};

constexpr std::array page_table{
    option{.key = "page.offset",
           .flag = "--offset",
           .type = integer,
           .standard = "0",
           .sentence = "Failures to leave out at the beginning.",
           .least = 0,
           .most = 1'000'000'000'000,
           .unit = "failures"},
    option{.key = "page.limit",
           .flag = "--limit",
           .type = integer,
           .standard = "100",
           .sentence = "Most failures to show.",
           .least = 1,
           .most = 1000,
           .unit = "failures"},
};

} // namespace

std::span<const option> cluster() {
  return cluster_table;
}

std::span<const option> job() {
  return job_table;
}

std::span<const option> page() {
  return page_table;
}

} // namespace trainyard::option_sections
