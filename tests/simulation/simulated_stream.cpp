// Sequences, positions, deadlines.
#include "tests/simulation/simulated_stream.hpp"

namespace trainyard::simulation {

namespace {
constexpr std::chrono::seconds deletes_unwritten_for{8}; // 2.9.10 writes them to its index later
} // namespace

publish_outcome simulated_stream::publish(const std::string& subject, const std::string& id, content payload,
                                          time_point now) {
  while (!ids_by_age_.empty() && now - ids_by_age_.front().first > rules_.duplicate_window) {
    if (const auto found = ids_.find(ids_by_age_.front().second);
        found != ids_.end() && found->second == ids_by_age_.front().first)
      ids_.erase(found);
    ids_by_age_.pop_front();
  }
  if (ids_.contains(id))
    return publish_outcome::stored; // "duplicate": not stored again, even if the first is gone
  if (rules_.one_per_subject && by_subject_.contains(subject))
    return publish_outcome::already_queued;
  ids_[id] = now;
  ids_by_age_.emplace_back(now, id);
  if (rules_.one_per_subject)
    by_subject_[subject] = last_ + 1;
  messages_[++last_] = {subject, id, std::move(payload)};
  return publish_outcome::stored;
}

std::vector<std::string> simulated_stream::consumers() const {
  std::vector<std::string> names;
  for (const auto& [name, state] : consumers_)
    names.push_back(name);
  return names;
}

std::string simulated_stream::description() const {
  std::string text;
  for (const auto& [sequence, each] : messages_)
    text += " " + std::to_string(sequence) + ":" + each.subject;
  for (const auto& [name, state] : consumers_)
    text += "; consumer " + name + " at " + std::to_string(state.position) + ", " +
            std::to_string(state.pending.size()) + " pending, " + std::to_string(state.again.size()) +
            " to come again";
  return text;
}

std::optional<stream_delivery> simulated_stream::next(const std::string& name, time_point now) {
  const auto found = consumers_.find(name);
  if (found == consumers_.end())
    return std::nullopt;
  auto& state = found->second;
  auto at = messages_.end();
  for (auto each = state.again.begin(); each != state.again.end() && at == messages_.end();) {
    if (each->second > now) {
      ++each;
      continue;
    }
    at = messages_.find(each->first);
    each = state.again.erase(each);
  }
  if (at == messages_.end()) {
    at = messages_.upper_bound(state.position);
    if (at == messages_.end())
      return std::nullopt;
    state.position = at->first;
  }
  state.pending[at->first] = now + rules_.ack_wait;
  return stream_delivery{at->first, ++state.counts[at->first], at->second.subject, at->second.payload};
}

void simulated_stream::expire(time_point now) {
  for (auto& [name, state] : consumers_)
    for (auto each = state.pending.begin(); each != state.pending.end();) {
      if (each->second > now) {
        ++each;
        continue;
      }
      state.again.try_emplace(each->first, now);
      each = state.pending.erase(each);
    }
  while (!removed_.empty() && now - removed_.front().when > deletes_unwritten_for)
    removed_.pop_front();
}

bool simulated_stream::acknowledge(const std::string& name, std::uint64_t sequence, time_point now) {
  if (!consumers_.contains(name))
    return false;
  if (const auto found = messages_.find(sequence); found != messages_.end())
    removed_.push_back({now, sequence, found->second});
  remove(sequence);
  return true;
}

void simulated_stream::extend(const std::string& name, std::uint64_t sequence, time_point now) {
  const auto found = consumers_.find(name);
  if (found == consumers_.end())
    return;
  if (const auto held = found->second.pending.find(sequence); held != found->second.pending.end())
    held->second = now + rules_.ack_wait;
}

void simulated_stream::refuse(const std::string& name, std::uint64_t sequence, time_point ready) {
  const auto found = consumers_.find(name);
  if (found != consumers_.end() && found->second.pending.erase(sequence) > 0)
    found->second.again[sequence] = ready;
}

void simulated_stream::remove(std::uint64_t sequence) {
  const auto found = messages_.find(sequence);
  if (found == messages_.end())
    return;
  if (rules_.one_per_subject)
    by_subject_.erase(found->second.subject);
  messages_.erase(found);
  for (auto& [name, state] : consumers_) {
    state.pending.erase(sequence);
    state.again.erase(sequence);
    state.counts.erase(sequence);
  }
}

void simulated_stream::withdraw(const std::string& subject, time_point now) {
  const auto found = by_subject_.find(subject);
  if (found == by_subject_.end())
    return;
  const auto sequence = found->second;
  removed_.push_back({now, sequence, messages_.at(sequence)});
  remove(sequence);
}

void simulated_stream::remove_all() {
  messages_.clear();
  by_subject_.clear();
  removed_.clear();
  for (auto& [name, state] : consumers_)
    state = {last_, {}, {}, {}};
}

void simulated_stream::restart(random_source& random, time_point now) {
  for (auto& each : removed_) {
    if (!random.chance(0.5) || (rules_.one_per_subject && by_subject_.contains(each.what.subject)))
      continue;
    if (rules_.one_per_subject)
      by_subject_[each.what.subject] = each.sequence;
    messages_[each.sequence] = each.what;
    const bool orphan = random.chance(0.2); // the consumer's file is newer than the stream's
    for (auto& [name, state] : consumers_)
      if (!orphan && each.sequence <= state.position)
        state.again[each.sequence] = now;
  }
  removed_.clear();
  ids_.clear();
  ids_by_age_.clear();
  for (const auto& [sequence, each] : messages_) {
    ids_[each.id] = now;
    ids_by_age_.emplace_back(now, each.id);
  }
}

} // namespace trainyard::simulation
