// Load once, then one batch per message; whatever goes wrong ends in a message or in the actor's end.
#include "actors/device/device_actor.hpp"

#include <iomanip>
#include <sstream>

#include "actors/log.hpp"

namespace trainyard {

namespace {

/// What failed on the golden images cannot be the images' fault.
failure at_the_device(failure why) {
  if (why.kind == failure_kind::vector_invalid)
    why.kind = failure_kind::device_not_admitted;
  else if (why.kind == failure_kind::forward_failed)
    why.kind = failure_kind::device_lost;
  return why;
}

} // namespace

device_actor::device_actor(caf::event_based_actor& self, device_config config, actor supervisor)
    : self_(self), config_(std::move(config)), supervisor_(std::move(supervisor)) {}

/// Whoever comes next, here or in another program, finds the device's memory free.
device_actor::~device_actor() {
  if (embedder_ && config_.queries)
    config_.queries->device_left();
  embedder_.reset();
  model_.reset();
  if (config_.embedder.recovers)
    (void)device_memory(config_.device).collect(); // a device that is lost cannot, and has said so
}

caf::message_handler device_actor::handlers() {
  if (auto loaded = load(); loaded)
    tell(supervisor_, device_loaded{config_.number});
  else
    tell(supervisor_, device_unusable{config_.number, loaded.error()});
  return caf::message_handler{[this](const embed_batch& order) { embed(order); },
                              [this](const queries_wait&) { answer_queries(); }};
}

result<void> device_actor::load() {
  device_memory memory(config_.device, config_.memory_fraction);
  auto loaded = config_.load();
  if (!loaded && loaded.error().kind == failure_kind::device_out_of_memory && config_.embedder.recovers &&
      memory.collect())
    loaded = config_.load();
  if (!loaded)
    return tl::unexpected(loaded.error());
  model_ = std::move(*loaded);
  limit_bytes_ = memory.read().limit_bytes;
  remembered_ = recall_ceiling();
  if (auto admitted = be_admitted(memory); !admitted)
    return admitted;
  embedder_.emplace(*model_,
                    memory_upkeep(std::move(memory), config_.embedder.collection,
                                  [this](const std::string& text) { log_line(text); }),
                    config_.embedder, remembered_, config_.queries);
  if (config_.queries)
    config_.queries->device_came();
  return {};
}

/// In the size that it will work in; in the smallest one when memory is too short for that.
result<void> device_actor::be_admitted(device_memory& memory) {
  if (!config_.golden)
    return {};
  const auto size = std::min<std::size_t>(remembered_.value_or(config_.embedder.gpu_batch_size),
                                          config_.embedder.gpu_batch_size);
  const auto clean_up = [&memory] { (void)memory.collect(); }; // work starts on a clean device
  auto admitted = admit(*model_, *config_.golden, size, clean_up);
  if (!admitted && admitted.error().kind == failure_kind::device_out_of_memory && config_.embedder.recovers)
    admitted = admit(*model_, *config_.golden, 1, clean_up);
  if (!admitted)
    return tl::unexpected(at_the_device(admitted.error()));
  std::ostringstream cosine;
  cosine << std::setprecision(7) << admitted->least_cosine;
  log(log_level::debug, "device",
      config_.device.id + " is admitted: cosine " + cosine.str() + " to the reference at worst");
  return {};
}

ceiling_key device_actor::key() const {
  const auto& model = model_->identity();
  return {config_.device.id, config_.device.kind, config_.device.name,
          model.space_id,    model.precision,     model.image.crop};
}

std::optional<std::size_t> device_actor::recall_ceiling() {
  if (!config_.ceilings)
    return {};
  const auto known = config_.ceilings->recall(key(), limit_bytes_);
  if (!known)
    log(log_level::warn, "device", known.error().cause + "; " + known.error().remedy);
  if (!known || !*known || **known >= config_.embedder.gpu_batch_size)
    return {};
  log_line("Starting with micro-batches of " + std::to_string(**known) + " images on " + config_.device.id +
           ": more did not fit before");
  return **known;
}

void device_actor::remember_ceiling() {
  const auto learned = embedder_->learned_ceiling();
  if (!config_.ceilings || learned == remembered_)
    return;
  remembered_ = learned; // also when it cannot be kept: once is enough to say so
  std::optional<learned_ceiling> ceiling;
  if (learned)
    ceiling = {static_cast<std::uint32_t>(*learned), limit_bytes_};
  if (auto kept = config_.ceilings->remember(key(), ceiling); !kept)
    log(log_level::warn, "device", "cannot remember the size of micro-batches: " + kept.error().cause);
}

void device_actor::embed(const embed_batch& order) {
  if (!embedder_ || *config_.stopping)
    return;
  auto embedded = embedder_->embed(*order.batch, config_.stopping.get());
  remember_ceiling();
  if (!embedded && embedded.error().kind == failure_kind::interrupted)
    return; // the batch went back before the devices were stopped
  if (!embedded)
    return fault(embedded.error());
  auto done = std::make_shared<batch_result>(std::move(*embedded));
  const auto& work = *order.batch->work;
  done->session = work.session;
  done->piece = work.piece;
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

/// Of a device that has nothing else to do; with a batch in hand they are answered in between, and this finds
/// nothing.
/// One pass, then whatever came meanwhile: batches in the mailbox have their turn.
void device_actor::answer_queries() {
  if (!embedder_ || *config_.stopping)
    return;
  const auto more = embedder_->answer_queries();
  if (!more)
    return fault(more.error());
  if (*more)
    tell(handle_of(self_), queries_wait{});
}

/// The supervisor starts a fresh one.
void device_actor::fault(failure why) {
  tell(supervisor_, device_faulted{config_.number, std::move(why)});
  self_.quit(caf::exit_reason::unhandled_exception);
}

void device_actor::log_line(const std::string& text) const {
  log(log_level::info, "device", text);
}

} // namespace trainyard
