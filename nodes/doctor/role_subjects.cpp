// Lists by role. A last token of "doctor-probe" keeps each of them from meaning anything to anybody.
#include "nodes/doctor/role_subjects.hpp"

namespace trainyard {
namespace {

constexpr const char* nobody = "doctor-probe";

class trial_list {
public:
  trial_list(const subjects& names, std::string api, std::string inbox)
      : names_(names), api_(std::move(api)), inbox_(std::move(inbox)) {}

  void send(std::string subject) { all_.push_back({std::move(subject)}); }
  void hear(std::string subject, std::string queue = {}) {
    all_.push_back({std::move(subject), true, std::move(queue)});
  }
  void hear_own_inbox() { hear(inbox_ + "." + nobody); }

  void ask_coordinators() {
    for (const auto* verb : {"submit", "list", "devices"})
      send(names_.api(verb));
    for (const auto* verb : {"status", "failures", "pause", "resume", "cancel", "retry"})
      send(names_.api(verb, nobody));
    send(names_.job(nobody));
  }

  void work() {
    send(names_.results(nobody, 0));
    send(names_.images(nobody));
    send(names_.node_events(nobody));
    send(api_ + ".CONSUMER.MSG.NEXT." + names_.work_stream() + "." + nobody);
    send("$JS.ACK." + names_.work_stream() + "." + nobody + ".1.1.1.1.1");
    hear(std::string("$SRV.") + nobody);
    hear(names_.embed(nobody), names_.workers());
  }

  void keep_streams() {
    for (const auto& stream : {names_.work_stream(), names_.results_stream(), names_.jobs_stream()})
      for (const auto* verb : {".STREAM.INFO.", ".STREAM.CREATE.", ".STREAM.UPDATE."})
        send(api_ + verb + stream);
    for (const auto& stream : {names_.work_stream(), names_.results_stream()})
      for (const auto* verb : {".STREAM.MSG.GET.", ".STREAM.MSG.DELETE."})
        send(api_ + verb + stream);
    for (const auto& bucket : {names_.sessions_bucket(), names_.leases_bucket()}) {
      for (const auto* verb : {".STREAM.INFO.", ".STREAM.CREATE.", ".STREAM.MSG.GET."})
        send(api_ + verb + "KV_" + bucket);
      send("$KV." + bucket + "." + nobody);
    }
    send(api_ + ".STREAM.MSG.DELETE.KV_" + names_.leases_bucket());
  }

  void keep_consumers() {
    const auto jobs = names_.jobs_stream() + "." + names_.coordinators();
    const auto results = names_.results_stream() + "." + nobody;
    send(api_ + ".CONSUMER.DURABLE.CREATE." + names_.work_stream() + "." + nobody);
    send(api_ + ".CONSUMER.DURABLE.CREATE." + jobs);
    send(api_ + ".CONSUMER.MSG.NEXT." + jobs);
    send("$JS.ACK." + jobs + ".0.0.0.0.0"); // of a message that is none: sequences begin at 1
    send(api_ + ".CONSUMER.DURABLE.CREATE." + results);
    send(api_ + ".CONSUMER.NAMES." + names_.results_stream());
    send(api_ + ".CONSUMER.DELETE." + results);
    send(api_ + ".CONSUMER.MSG.NEXT." + results);
    send("$JS.ACK." + results + ".1.1.1.1.1");
  }

  void coordinate() {
    send(names_.work(nobody, 1, nobody, 0));
    send(names_.session_events(nobody));
    keep_streams();
    keep_consumers();
    hear(names_.api(nobody), names_.coordinators());
    hear(names_.images(nobody), names_.coordinators());
    hear(names_.upload(nobody), names_.coordinators());
    hear(std::string("$SRV.") + nobody);
  }

  void hear_events(bool of_nodes) {
    hear(names_.session_events(nobody));
    if (of_nodes)
      hear(names_.node_events(nobody));
  }

  std::vector<subject_trial> take() { return std::move(all_); }

  void look_at_streams_and_workers() {
    send(names_.embed(nobody));
    for (const auto& stream : {names_.work_stream(), names_.results_stream(), names_.jobs_stream()})
      send(api_ + ".STREAM.INFO." + stream);
  }

  void upload() { send(names_.upload(nobody)); }

private:
  const subjects& names_;
  std::string api_;
  std::string inbox_;
  std::vector<subject_trial> all_;
};

} // namespace

std::vector<subject_trial> trials_of(std::string_view role, const subjects& names,
                                     const std::string& api_prefix, const std::string& inbox_prefix) {
  trial_list list(names, api_prefix, inbox_prefix);
  if (role == "coordinator") {
    list.coordinate();
    list.hear_events(true);
  } else if (role == "worker") {
    list.work();
  } else if (role == "gateway" || role == "client") {
    list.ask_coordinators();
    list.hear_events(role == "gateway");
    if (role == "client")
      list.upload();
    else
      list.look_at_streams_and_workers();
  } else {
    return {};
  }
  list.hear_own_inbox();
  return list.take();
}

} // namespace trainyard
