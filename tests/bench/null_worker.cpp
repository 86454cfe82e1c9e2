// A worker whose device costs nothing: what is left is the price of dispatch. Takes the arguments of
// `trainyard worker`.
#include <cstdio>

#include "actors/device/fetcher.hpp"
#include "config/command_line.hpp"
#include "config/load.hpp"
#include "nodes/cluster/member.hpp"
#include "nodes/nats/nats_worker_link.hpp"
#include "nodes/worker/worker_plan.hpp"

namespace trainyard {
namespace {

/// Stands for supervisor and device: each image gets the same vector.
class null_device {
public:
  static constexpr const char* name = "null_device";
  null_device(caf::event_based_actor&, model_identity model, actor fetch)
      : model_(std::move(model)), fetch_(std::move(fetch)) {}
  caf::message_handler handlers() {
    return caf::message_handler{[this](const embed_batch& order) {
      tell(fetch_, batch_embedded{order.ticket, order.device, result_of(*order.batch->work)});
    }};
  }

private:
  std::shared_ptr<const batch_result> result_of(const work_batch& work) const {
    auto done = std::make_shared<batch_result>();
    done->session = work.session;
    done->batch = work.batch;
    done->piece = work.piece;
    done->attempt = work.attempt;
    done->node = done->device_name = "null";
    done->device = done->device_kind = "cpu";
    done->precision = model_.precision;
    done->space_id = work.space_id;
    done->dtype = work.dtype;
    done->dim = static_cast<std::uint32_t>(model_.dim);
    for (std::uint32_t i = 0; i < work.assets.size(); ++i)
      done->embedded.push_back({i, 1, 1, work.assets[i].bytes, {std::vector<std::byte>(32)}});
    done->vectors.bytes.resize(work.assets.size() * done->dim * (work.dtype == "fp32" ? 4 : 2));
    return done;
  }

  model_identity model_;
  actor fetch_;
};

int serve_nothing(const settings& from) {
  node_events events;
  const auto plan = plan_worker(from);
  auto member = plan ? join_cluster(from, "null-worker", events) : tl::unexpected(plan.error());
  auto link = member ? nats_worker_link::open(member->link, member->options) : tl::unexpected(member.error());
  if (!link) {
    std::fprintf(stderr, "%s\n", link.error().cause.c_str());
    return 1;
  }
  caf::actor_system_config config;
  caf::actor_system system(config);
  reader_pool readers(
      1, [](const work_batch&, const work_asset& asset, stage_seconds&) -> result<prepared_image> {
        prepared_image image;
        image.path = asset.path;
        return image;
      });
  auto options = worker_options_of(*plan, {}, {member->node, "1", "0"}, member->names);
  options.fetcher.roots.clear(); // any
  const auto pool = options.fetcher.pool;
  auto fetch = spawn_scheduled<fetcher>(system, options.fetcher, std::ref<worker_link>(**link),
                                        std::ref(readers), [] {});
  auto device = spawn_scheduled<null_device>(system, plan->model, fetch);
  (void)(*link)->open_work(pool, [fetch](delivery work) {
    tell(fetch, work_delivered{std::make_shared<const delivery>(std::move(work))});
  });
  tell(fetch, device_ready{0, device});
  std::puts("ready");
  std::fflush(stdout);
  for (;;)
    (void)events.pop(std::nullopt);
}

} // namespace
} // namespace trainyard

int main(int count, char** values) {
  using namespace trainyard;
  std::vector<std::string> arguments{"worker"};
  arguments.insert(arguments.end(), values + 1, values + count);
  const auto parsed = parse_command_line(arguments);
  if (!parsed) {
    std::fprintf(stderr, "%s\n", parsed.error().cause.c_str());
    return 2;
  }
  const auto loaded = load_settings({parsed->flags, process_environment(), parsed->config_file});
  return loaded ? serve_nothing(*loaded) : 2;
}
