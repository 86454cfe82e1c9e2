// From settings to a worker that serves until a signal, then hands back what it has not begun.
#include "nodes/worker/worker_command.hpp"

#include "actors/device/memory/process_memory.hpp"
#include "actors/log.hpp"
#include "config/list_value.hpp"
#include "nodes/cluster/member.hpp"
#include "nodes/cluster/serve.hpp"
#include "nodes/images/fetched_images.hpp"
#include "nodes/metrics/role_metrics.hpp"
#include "nodes/nats/nats_worker_link.hpp"
#include "nodes/nats/random_text.hpp"
#include "nodes/system_room.hpp"
#include "nodes/worker/embed_service.hpp"
#include "nodes/worker/worker_plan.hpp"

namespace trainyard {

namespace {

result<root_map> open_roots(const settings& from) {
  root_map roots;
  for (const auto& [name, path] : named_paths(from.list("cluster.root"))) {
    auto opened = root_directory::open(path.string());
    if (!opened)
      return tl::unexpected(opened.error());
    roots.emplace(name, std::make_shared<const root_directory>(std::move(*opened)));
  }
  return roots;
}

/// The parts in the order in which they need one another; the destructor goes the other way.
class worker_process {
public:
  result<void> start(const settings& from, node_events& events) {
    if (auto room = find_room(room_of(from)); !room)
      return room;
    auto roots = open_roots(from);
    if (!roots)
      return tl::unexpected(roots.error());
    auto plan = plan_worker(from);
    if (!plan)
      return tl::unexpected(plan.error());
    auto member = join_cluster(from, "worker", events);
    if (!member)
      return tl::unexpected(member.error());
    member_ = std::move(*member);
    if (auto shown = show_metrics(from); !shown)
      return shown;
    auto link = nats_worker_link::open(member_.link, member_.options);
    if (!link)
      return tl::unexpected(link.error());
    link_ = std::move(*link);
    set_scheduler_threads(actors_config_, 2);
    actors_ = std::make_unique<caf::actor_system>(actors_config_);
    auto options = worker_options_of(*plan, std::move(*roots),
                                     {member_.node, random_hex(8), TRAINYARD_VERSION}, member_.names);
    if (auto asked = ask_coordinators_for_images(options); !asked)
      return asked;
    auto worker = worker_node::start(*actors_, *link_, std::move(options),
                                     {[&events] { events.push({node_event::what::drained}); },
                                      [&events](failure why) {
                                        events.push({node_event::what::failed, std::move(why)});
                                      }});
    if (!worker)
      return tl::unexpected(worker.error());
    worker_ = std::move(*worker);
    if (auto answers = answer_queries(*plan); !answers)
      return answers;
    auto found = announce(member_, "worker", "embeds images on this machine's devices", {});
    if (!found)
      return tl::unexpected(found.error());
    discovery_ = std::move(*found);
    return {};
  }

  void drain() {
    discovery_.reset();
    worker_->drain();           // first: what is handed back waits for nobody
    queries_->stop_listening(); // what it has begun is answered while the devices still work
  }

  [[nodiscard]] const std::string& node() const { return member_.node; }

  ~worker_process() {
    discovery_.reset();
    if (worker_)
      worker_->stop_queries();
    queries_.reset();
    worker_.reset();
    link_.reset(); // before the actor system: what waits in it holds handles of actors
    actors_.reset();
  }

private:
  result<void> answer_queries(const worker_plan& plan) {
    auto opened = embed_service::open(
        member_.link, member_.names,
        {plan.model, plan.model_folder, plan.forward_threads,
         [to = worker_.get()](std::span<const std::byte> file) { return to->embed_image(file); }});
    if (!opened)
      return tl::unexpected(opened.error());
    queries_ = std::move(*opened);
    return {};
  }

  result<void> show_metrics(const settings& from) {
    auto opened = role_metrics::open(
        from, {"worker", TRAINYARD_VERSION, [link = member_.link] { return link->connected(); }});
    if (!opened)
      return tl::unexpected(opened.error());
    metrics_ = std::move(*opened);
    if (metrics_)
      member_.options.on_event = [to = metrics_.get()](const auto& event) { to->saw(event); };
    return {};
  }

  /// For roots that this machine does not have; a worker with none at all asks for every image.
  result<void> ask_coordinators_for_images(worker_options& options) const {
    auto remote = fetched_images::open(member_.link, member_.names, {options.decode_threads});
    if (!remote)
      return tl::unexpected(remote.error());
    options.remote = std::move(*remote);
    options.fetcher.is_out_of_reach = [images = std::weak_ptr(options.remote)](const std::string& root) {
      const auto there = images.lock();
      return there && there->is_out_of_reach(root);
    };
    options.fetcher.takes_remote = options.fetcher.heartbeat.takes_remote = true;
    if (options.roots.empty())
      log(log_level::info, "worker",
          "no --root is given: all images come from coordinators, and only work that they send images for is "
          "taken");
    return {};
  }

  cluster_member member_;
  std::unique_ptr<role_metrics> metrics_; ///< before the link, which tells it of events
  std::unique_ptr<nats_worker_link> link_;
  caf::actor_system_config actors_config_;
  std::unique_ptr<caf::actor_system> actors_;
  std::unique_ptr<worker_node> worker_;
  std::unique_ptr<embed_service> queries_; ///< asks the worker
  std::unique_ptr<service_discovery> discovery_;
};

} // namespace

int worker_command(const settings& from) {
  keep_freed_memory();
  return serve<worker_process>(
      from, {"Worker", "takes work until it is stopped", "finishing what the devices have begun",
             "What is still in hand goes to others when its lease in the queue runs out"});
}

} // namespace trainyard
