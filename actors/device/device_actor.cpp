// Load once, then one batch per message; whatever goes wrong ends in a message or in the actor's end.
#include "actors/device/device_actor.hpp"

#include "actors/log.hpp"

namespace trainyard {

device_actor::device_actor(caf::event_based_actor& self, device_config config, actor supervisor)
    : self_(self), config_(std::move(config)), supervisor_(std::move(supervisor)) {}

caf::message_handler device_actor::handlers() {
  auto loaded = config_.load();
  if (loaded) {
    model_ = std::move(*loaded);
    embedder_.emplace(*model_, device_memory(config_.device), config_.embedder,
                      [this](const std::string& text) { log_line(text); });
    tell(supervisor_, device_loaded{config_.number});
  } else {
    tell(supervisor_, device_unusable{config_.number, loaded.error()});
  }
  return caf::message_handler{[this](const embed_batch& order) { embed(order); }};
}

void device_actor::embed(const embed_batch& order) {
  if (!embedder_ || *config_.stopping)
    return;
  auto embedded = embedder_->embed(*order.batch);
  if (!embedded) {
    tell(supervisor_, device_faulted{config_.number, embedded.error()});
    throw std::runtime_error(embedded.error().cause); // ends this actor: the supervisor starts a fresh one
  }
  auto done = std::make_shared<batch_result>(std::move(*embedded));
  const auto& work = *order.batch->work;
  done->session = work.session;
  done->batch = work.batch;
  done->attempt = work.attempt;
  done->node = config_.node;
  done->device = config_.device.id;
  done->device_kind = config_.device.kind;
  done->device_name = config_.device.name;
  done->precision = model_->identity().precision;
  done->space_id = model_->identity().space_id;
  done->dtype = work.dtype;
  done->dim = model_->identity().dim;
  tell(supervisor_, batch_embedded{order.ticket, config_.number, std::move(done)});
}

void device_actor::log_line(const std::string& text) const {
  log(log_level::info, "device", text);
}

} // namespace trainyard
