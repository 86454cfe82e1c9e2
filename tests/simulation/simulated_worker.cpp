// Batches are read, queued at devices and embedded in virtual time; vectors follow from the path.
#include "tests/simulation/simulated_worker.hpp"

#include <algorithm>
#include <utility>

#include "actors/device/prepared_batch.hpp"

namespace trainyard::simulation {

namespace {

prepared_batch prepared(std::shared_ptr<const work_batch> work) {
  prepared_batch ready;
  for (std::uint32_t i = 0; i < work->assets.size(); ++i)
    if (work->assets[i].path.find("bad") != std::string::npos)
      ready.failed.push_back({i, static_cast<std::uint32_t>(failure_kind::image_corrupt), "bad"});
  ready.work = std::move(work);
  return ready;
}

} // namespace

struct simulated_worker::life {
  struct device {
    std::deque<embed_batch> orders;
    bool up = false;
    std::uint64_t life = 0;
  };

  std::shared_ptr<simulated_process> process;
  bus_client_handle client;
  std::unique_ptr<simulated_worker_link> link;
  std::unique_ptr<worker_link> wrapped; ///< null: the link itself
  std::unique_ptr<fetch_machine> machine;
  std::vector<device> devices;
  bool draining = false;
};

simulated_worker::simulated_worker(surroundings& around, std::uint32_t number, std::uint32_t devices)
    : around_(around), number_(number), devices_(devices) {}

simulated_worker::~simulated_worker() = default;

fetch_ports simulated_worker::ports() {
  fetch_ports ports;
  const auto take = [this](fetch_message message) {
    std::visit([this](const auto& each) { life_->machine->on(each); }, message);
  };
  ports.self.tell = [process = life_->process, take](fetch_message message) {
    process->post([take, message = std::move(message)] { take(message); });
  };
  ports.self.tell_later = [process = life_->process, take](std::chrono::milliseconds delay,
                                                           fetch_message message) {
    process->post_later(delay, [take, message = std::move(message)] { take(message); });
  };
  ports.now = [this] { return around_.time.now(); };
  ports.read = [this](auto work, auto ready) { read(std::move(work), std::move(ready)); };
  ports.embed = [this](embed_batch order) {
    life_->process->post([this, order = std::move(order)] {
      auto& device = life_->devices[order.device];
      if (!device.up)
        return; // the supervisor has told so, or is about to
      device.orders.push_back(order);
      if (device.orders.size() == 1)
        begin_next(order.device);
    });
  };
  ports.on_drained = [this] {
    life_->process->post([this] {
      if (life_->link->unsettled() > 0)
        around_.breaks("a worker that has drained keeps " + std::to_string(life_->link->unsettled()) +
                       " batches");
      kill();
      around_.time.after(std::chrono::seconds(2), [this] { start(); });
    });
  };
  return ports;
}

void simulated_worker::start() {
  if (life_)
    return;
  ++lives_;
  life_ = std::make_unique<life>();
  life_->process = std::make_shared<simulated_process>(around_.time);
  life_->client = around_.bus.connect(life_->process);
  const auto name = "w" + std::to_string(number_) + "-" + std::to_string(lives_);
  life_->link =
      std::make_unique<simulated_worker_link>(around_.bus, around_.time, life_->client, name, around_.watch);
  if (around_.wrappers.worker)
    life_->wrapped = around_.wrappers.worker(*life_->link);
  auto& link = life_->wrapped ? *life_->wrapped : static_cast<worker_link&>(*life_->link);
  fetcher_config config;
  config.space_id = "space";
  config.node = "node";
  config.precision = "fp32";
  config.dim = 4;
  config.heartbeat.instance = name;
  config.heartbeat_subject = "node";
  life_->devices.resize(devices_);
  life_->machine = std::make_unique<fetch_machine>(config, link, ports());
  life_->process->after_each = [this] { check_bounds(); };
  life_->process->post([this, &link] {
    life_->machine->start();
    (void)link.open_work("pool", [this, process = life_->process](delivery work) {
      process->post([this, work = std::make_shared<const delivery>(std::move(work))] {
        life_->machine->on(work_delivered{work});
      });
    });
    for (std::uint32_t device = 0; device < devices_; ++device) {
      life_->devices[device].up = true;
      life_->machine->device_up(device);
    }
  });
}

void simulated_worker::kill() {
  if (!life_)
    return;
  life_->process->die();
  life_.reset();
}

void simulated_worker::halt(duration how_long) {
  if (!life_ || life_->process->halted())
    return;
  life_->process->halt();
  around_.time.after(how_long, [process = life_->process] { process->wake(); });
}

void simulated_worker::cut_off(bool to_server, bool from_server, duration how_long) {
  if (!life_)
    return;
  life_->client->cut_to_server |= to_server;
  life_->client->cut_from_server |= from_server;
  around_.time.after(how_long,
                     [client = life_->client] { client->cut_to_server = client->cut_from_server = false; });
}

void simulated_worker::drain() {
  if (!life_ || life_->draining)
    return;
  life_->draining = true;
  life_->process->post([this] {
    if (std::ranges::none_of(life_->devices, &life::device::up))
      life_->link->excuse();
    life_->machine->on(drain_work{});
  });
}

void simulated_worker::lose_device() {
  if (life_)
    life_->process->post(
        [this, device = static_cast<std::uint32_t>(around_.random.below(devices_))] { lose(device); });
}

void simulated_worker::lose(std::uint32_t number) {
  auto& device = life_->devices[number];
  if (!device.up)
    return;
  device.up = false;
  ++device.life;
  ++around_.devices_lost;
  const auto lost = std::exchange(device.orders, {});
  const bool came_back = !lost.empty() && around_.random.chance(0.3);
  life_->machine->on(device_lost{number, around_.random.chance(0.7)});
  const auto process = life_->process;
  if (came_back) // with a result that nobody expects any more
    process->post_later(
        around_.random.between(duration::zero(), std::chrono::seconds(5)), [this, number, lost] {
          auto done = outcome_of(*lost.front().batch->work);
          life_->machine->on(batch_embedded{lost.front().ticket, number,
                                            std::make_shared<const batch_result>(std::move(done))});
        });
  process->post_later(std::chrono::milliseconds(200), [this, number] {
    life_->devices[number].up = true;
    life_->machine->device_up(number);
  });
}

duration simulated_worker::time_of(const work_batch& work) {
  const auto& session = around_.session;
  const auto whole = around_.random.between(session.fastest_batch, session.slowest_batch);
  const auto slower = number_ == 0 ? session.slowdown : 1;
  return whole * slower * static_cast<int>(work.assets.size()) / static_cast<int>(session.batch_size);
}

void simulated_worker::begin_next(std::uint32_t number) {
  const auto& work = *life_->devices[number].orders.front().batch->work;
  const auto takes = time_of(work);
  if (std::ranges::any_of(work.assets, [](const auto& each) { return is_poison(each.path); })) {
    life_->process->post_later(around_.random.between(duration::zero(), takes), [this] {
      ++around_.ended_by_poison;
      kill();
      around_.time.after(around_.random.between(std::chrono::seconds(1), std::chrono::seconds(5)),
                         [this] { start(); });
    });
    return;
  }
  life_->process->post_later(takes, [this, number, same = life_->devices[number].life] {
    if (life_->devices[number].life == same)
      finish(number);
  });
}

void simulated_worker::finish(std::uint32_t number) {
  auto& device = life_->devices[number];
  const auto order = std::move(device.orders.front());
  device.orders.pop_front();
  life_->process->post([this, order] {
    auto done = std::make_shared<const batch_result>(outcome_of(*order.batch->work));
    life_->machine->on(batch_embedded{order.ticket, order.device, std::move(done)});
  });
  if (!device.orders.empty())
    begin_next(number);
}

void simulated_worker::read(std::shared_ptr<const work_batch> work,
                            std::function<void(std::shared_ptr<const prepared_batch>)> ready) {
  const auto takes = around_.random.between(std::chrono::milliseconds(1), std::chrono::milliseconds(200));
  life_->process->post_later(takes, [work = std::move(work), ready = std::move(ready)] {
    ready(std::make_shared<const prepared_batch>(prepared(work)));
  });
}

void simulated_worker::check_bounds() {
  if (!life_)
    return;
  const fetcher_config defaults;
  const auto most = devices_ * (defaults.slots + defaults.prefetch);
  if (life_->machine->book().size() > most)
    around_.breaks("a worker holds " + std::to_string(life_->machine->book().size()) +
                   " batches, it has room for " + std::to_string(most));
}

std::string simulated_worker::description() const {
  const auto name = "\n  worker " + std::to_string(number_) + ": ";
  if (!life_)
    return name + "not running";
  auto text = name + (life_->process->halted() ? "halted, " : "") + (life_->draining ? "draining, " : "") +
              "credit " + std::to_string(life_->link->credit());
  for (const auto& [ticket, held] : life_->machine->book().all())
    text += ", " + to_string(work_key{held.work->batch, held.work->piece}) + " in state " +
            std::to_string(static_cast<int>(held.state));
  return text;
}

void simulated_worker::check_at_rest() {
  if (!life_ || life_->draining || life_->process->halted())
    return;
  const fetcher_config defaults;
  const auto most = devices_ * (defaults.slots + defaults.prefetch);
  const auto least = std::max<std::uint64_t>(devices_, life_->link->told_credit());
  const auto has = life_->link->credit() + life_->machine->book().size();
  if (has < least || has > most)
    around_.breaks("a worker's credit is " + std::to_string(has) + ", it promised " + std::to_string(least) +
                   " and may have " + std::to_string(most));
}

} // namespace trainyard::simulation
