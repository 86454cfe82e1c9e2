// Lease, session and listing of one process, with the host's rules (actors/coordinator/host).
#include "tests/simulation/simulated_coordinator.hpp"

#include "actors/coordinator/host/patience.hpp"

namespace trainyard::simulation {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds tick_interval{1};
constexpr seconds lease_patience{4};
constexpr seconds pause_after_failure{5};
constexpr milliseconds time_of_a_slice{40};

} // namespace

struct simulated_coordinator::life {
  std::shared_ptr<simulated_process> process;
  std::string owner; ///< of the lease: a new one for each process
  bus_client_handle client;
  std::unique_ptr<simulated_coordinator_link> link;
  std::unique_ptr<coordinator_link> wrapped; ///< null: the link itself
  std::unique_ptr<session_machine> machine;
  std::uint64_t session = 0; ///< which of this process's sessions the machine is: late messages go nowhere
  std::unique_ptr<simulated_lister> lister;
  time_point leased_at;
  time_point not_before;
  std::string last_word;
  bool abandoned = false;
  bool completed = false; ///< and not yet recorded as such

  [[nodiscard]] coordinator_link& to_bus() { return wrapped ? *wrapped : *link; }
};

simulated_coordinator::simulated_coordinator(surroundings& around, std::uint32_t number)
    : around_(around), number_(number) {}

simulated_coordinator::~simulated_coordinator() {
  if (life_)
    around_.disk.without_clean_up([this] { end_life(); });
}

bool simulated_coordinator::owns() const {
  return life_ && life_->machine && !life_->machine->ended();
}

std::string simulated_coordinator::description() const {
  const auto name = "\n  coordinator " + std::to_string(number_) + ": ";
  if (!life_)
    return name + "not running";
  return name + (life_->process->halted() ? "halted, " : "") + (life_->abandoned ? "abandoned, " : "") +
         (life_->completed ? "completed, " : "") + (owns() ? "owner: " + life_->last_word : "no owner");
}

void simulated_coordinator::start() {
  if (life_)
    return;
  life_ = std::make_unique<life>();
  life_->process = std::make_shared<simulated_process>(around_.time);
  life_->process->on_killed = [this] { kill(around_.random.between(seconds(1), seconds(10))); };
  life_->owner = "c" + std::to_string(number_) + "-" + std::to_string(++lives_);
  life_->client = around_.bus.connect(life_->process);
  life_->link =
      std::make_unique<simulated_coordinator_link>(around_.bus, around_.time, life_->client, around_.watch);
  if (around_.wrappers.coordinator)
    life_->wrapped = around_.wrappers.coordinator(*life_->link);
  life_->process->post([this] { tick(); });
  around_.bus.listen_for_idleness(life_->client, [this] {
    if (owns() && !life_->abandoned)
      life_->machine->on(worker_idle{});
  });
}

void simulated_coordinator::end_life() {
  life_->process->die();
  life_.reset();
}

void simulated_coordinator::kill(duration starts_again_after) {
  if (!life_)
    return;
  around_.disk.without_clean_up([this] { end_life(); });
  around_.time.after(starts_again_after, [this] { start(); });
}

void simulated_coordinator::halt(duration how_long) {
  if (!life_ || life_->process->halted())
    return;
  life_->process->halt();
  around_.time.after(how_long, [process = life_->process] { process->wake(); });
}

void simulated_coordinator::cut_off(bool to_server, bool from_server, duration how_long) {
  if (!life_)
    return;
  life_->client->cut_to_server |= to_server;
  life_->client->cut_from_server |= from_server;
  around_.time.after(how_long,
                     [client = life_->client] { client->cut_to_server = client->cut_from_server = false; });
}

void simulated_coordinator::pause(duration how_long) {
  if (!owns())
    return;
  const auto tell = [this, session = life_->session](auto order) {
    return [this, session, order] {
      if (life_->machine && life_->session == session)
        life_->machine->on(order);
    };
  };
  life_->process->post(tell(pause_session{}));
  life_->process->post_later(how_long, tell(resume_session{}));
}

void simulated_coordinator::tick() {
  life_->process->post_later(tick_interval, [this] { tick(); });
  if (life_->machine && !life_->abandoned)
    renew();
  if (life_->completed)
    conclude();
  if (!life_->machine && !life_->completed)
    claim();
}

void simulated_coordinator::renew() {
  const auto asked_at = around_.time.now();
  std::optional<bool> renewed;
  if (around_.bus.reachable(*life_->client)) {
    renewed = around_.bus.renew_lease(life_->owner);
    if (around_.bus.answer_lost())
      renewed.reset();
  }
  if (renewed == true) {
    life_->leased_at = asked_at;
    return;
  }
  if (!around_.lease_counts || (!renewed && around_.time.now() - life_->leased_at <= lease_patience))
    return;
  life_->abandoned = true;
  life_->machine->on(interrupt_session{});
}

void simulated_coordinator::claim() {
  if (life_->not_before > around_.time.now() || !around_.bus.reachable(*life_->client) ||
      around_.bus.session_ended())
    return;
  const auto asked_at = around_.time.now();
  if (!around_.bus.take_lease(life_->owner) || around_.bus.answer_lost())
    return;
  life_->leased_at = asked_at;
  begin_session();
}

session_ports simulated_coordinator::ports() {
  session_ports ports;
  const auto take = [this, session = life_->session](const session_message& message) {
    if (life_->machine && life_->session == session)
      std::visit([this](const auto& each) { life_->machine->on(each); }, message);
  };
  ports.self.tell = [process = life_->process, take](session_message message) {
    process->post([take, message = std::move(message)] { take(message); });
  };
  ports.self.tell_later = [process = life_->process, take](milliseconds delay, session_message message) {
    process->post_later(delay, [take, message = std::move(message)] { take(message); });
  };
  ports.now = [this] { return around_.time.now(); };
  ports.start_listing = [this](std::shared_ptr<manifest_writer> manifest) {
    life_->lister = std::make_unique<simulated_lister>(around_, std::move(manifest));
    life_->process->post([this, session = life_->session] {
      if (life_->session == session && life_->lister)
        list_on();
    });
  };
  ports.compare = [this](std::shared_ptr<const update_order> order) {
    life_->process->post([this, session = life_->session, order = std::move(order)] {
      if (life_->session == session && life_->lister && life_->lister->compare(order, teller()))
        list_on();
    });
  };
  ports.stop_listing = [this] { life_->lister.reset(); };
  ports.sinks.on_progress = [this](const session_progress& progress) {
    life_->last_word = progress.state + " " + progress.reason + ", " + std::to_string(progress.pending) +
                       " of " + std::to_string(progress.total) + " images pending, " +
                       std::to_string(progress.in_flight) + " batches in flight";
    if (progress.in_flight > around_.session.window)
      around_.breaks(std::to_string(progress.in_flight) + " batches in flight, the window is " +
                     std::to_string(around_.session.window));
  };
  ports.sinks.on_end = [this](session_outcome outcome) {
    life_->process->post([this, outcome = std::move(outcome)] { session_over(outcome); });
  };
  return ports;
}

void simulated_coordinator::begin_session() {
  ++life_->session;
  life_->abandoned = false;
  if (!around_.lock_holds) {
    std::error_code ignored;
    std::filesystem::remove(around_.out / ".trainyard" / "lock", ignored);
  }
  life_->machine =
      std::make_unique<session_machine>(around_.session.config(around_.out), life_->to_bus(), ports());
  life_->machine->start();
}

void simulated_coordinator::session_over(session_outcome outcome) {
  life_->machine.reset();
  if (life_->abandoned)
    return;
  if (outcome.state == "completed") {
    life_->completed = true;
    return conclude();
  }
  if (outcome.why && !may_pass(*outcome.why))
    return around_.breaks("the session ended " + outcome.state + ": " + outcome.why->cause);
  life_->not_before = around_.time.now() + pause_after_failure;
  if (around_.bus.reachable(*life_->client))
    around_.bus.release_lease(life_->owner);
}

/// Until it is recorded the lease is kept.
void simulated_coordinator::conclude() {
  if (!around_.bus.reachable(*life_->client))
    return;
  life_->completed = false;
  if (!around_.bus.renew_lease(life_->owner))
    return;
  around_.bus.end_session();
  (void)life_->to_bus().forget_session("s1");
  around_.bus.release_lease(life_->owner);
}

std::function<void(listing_news)> simulated_coordinator::teller() {
  return [this, session = life_->session](const listing_news& news) {
    life_->process->post([this, session, news] {
      if (life_->machine && life_->session == session)
        std::visit([this](const auto& each) { life_->machine->on(each); }, news);
    });
  };
}

void simulated_coordinator::list_on() {
  if (life_->lister->walk_on(teller()))
    life_->process->post_later(time_of_a_slice, [this, session = life_->session] {
      if (life_->session == session && life_->lister)
        list_on();
    });
}

} // namespace trainyard::simulation
