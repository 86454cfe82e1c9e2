// Messages on their way, requests that wait, and the server's deaths.
#include "tests/simulation/simulated_bus.hpp"

namespace trainyard::simulation {

namespace {
constexpr std::chrono::seconds life_of_a_lease{5};
constexpr std::chrono::milliseconds between_looks_at_deadlines{500};
} // namespace

simulated_bus::simulated_bus(timeline& time, random_source& random, simulated_stream::rules work,
                             simulated_stream::rules results)
    : time_(time), random_(random), store_{simulated_stream(work), simulated_stream(results), {}, {}, false} {
  housekeeping();
}

bus_client_handle simulated_bus::connect(std::shared_ptr<simulated_process> process) const {
  auto client = std::make_shared<bus_client>();
  client->process = std::move(process);
  return client;
}

void simulated_bus::send(double doubled, std::function<void()> arrives) {
  if (random_.chance(weather_.lost))
    return;
  const auto arrive = [this, life = life_, arrives = std::move(arrives)] {
    if (up_ && life == life_)
      arrives();
  };
  const auto travel = [this] {
    return random_.between(weather_.fastest, weather_.slowest) +
           (random_.chance(weather_.late) ? random_.between(duration::zero(), std::chrono::seconds(3))
                                          : duration::zero());
  };
  if (random_.chance(doubled))
    time_.after(travel(), arrive);
  time_.after(travel(), arrive);
}

void simulated_bus::to_server(const bus_client_handle& from, std::function<void()> what) {
  if (!up_ || from->cut_to_server)
    return;
  send(weather_.doubled, [from, what = std::move(what)] {
    if (!from->cut_to_server)
      what();
  });
}

void simulated_bus::to_client(const bus_client_handle& to, std::function<void()> what) {
  if (!up_ || to->cut_from_server)
    return;
  send(0, [to, what = std::move(what)] {
    if (!to->cut_from_server)
      to->process->post(what);
  });
}

void simulated_bus::tell_of_idleness() {
  std::erase_if(listeners_, [](const auto& each) { return !each.first->process->alive(); });
  for (const auto& [who, heard] : listeners_)
    to_client(who, heard);
}

void simulated_bus::pull(pull_request request) {
  const auto which = request.stream;
  if (!stream(which).has_consumer(request.consumer))
    return to_client(request.from, request.lost);
  pulls_[static_cast<int>(which)].push_back(std::move(request));
  pump(which);
}

void simulated_bus::pump(stream_name which) {
  auto& waiting = pulls_[static_cast<int>(which)];
  std::size_t idle = 0; // requests at the front whose consumer has nothing for them
  while (idle < waiting.size()) {
    auto& request = waiting[idle];
    if (request.left == 0 || request.expires <= time_.now()) {
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(idle));
      continue;
    }
    auto next = stream(which).next(request.consumer, time_.now());
    if (!next) {
      if (which == stream_name::work) // all wait at one consumer
        return;
      ++idle;
      continue;
    }
    --request.left;
    to_client(request.from, [deliver = request.deliver, next = std::move(*next)] { deliver(next); });
  }
}

void simulated_bus::housekeeping() {
  for (const auto which : {stream_name::work, stream_name::results}) {
    stream(which).expire(time_.now());
    if (up_)
      pump(which);
  }
  time_.after(between_looks_at_deadlines, [this] { housekeeping(); });
}

bool simulated_bus::take_lease(const std::string& owner) {
  if (!store_.leased_to.empty() && store_.leased_until > time_.now() && store_.leased_to != owner)
    return false;
  store_.leased_to = owner;
  store_.leased_until = time_.now() + life_of_a_lease;
  return true;
}

bool simulated_bus::renew_lease(const std::string& owner) {
  if (store_.leased_to != owner || store_.leased_until <= time_.now())
    return false;
  store_.leased_until = time_.now() + life_of_a_lease;
  return true;
}

void simulated_bus::release_lease(const std::string& owner) {
  if (store_.leased_to == owner)
    store_.leased_to.clear();
}

void simulated_bus::restart(duration down_for) {
  up_ = false;
  ++life_;
  for (auto& each : pulls_)
    each.clear();
  store_.work.restart(random_, time_.now());
  store_.results.restart(random_, time_.now());
  time_.after(down_for, [this] { up_ = true; });
}

void simulated_bus::roll_back(duration down_for) {
  if (remembered_)
    store_ = *remembered_;
  restart(down_for);
}

} // namespace trainyard::simulation
