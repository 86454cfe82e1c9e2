// Links that err, a disk that lies, a lock that does not hold, a listing that goes on at the wrong place.
#include "tests/simulation/planted_bugs.hpp"

#include "messages/codec.hpp"
#include "messages/wire.hpp"
#include "tests/simulation/passing_links.hpp"

namespace trainyard::simulation {

namespace {

struct acknowledges_results_on_arrival final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override {
    return to_.open_results(session, epoch, credit, [this, sink = std::move(sink)](delivery one) {
      to_.ack_result(one.ack_subject);
      sink(std::move(one));
    });
  }
};

struct counts_a_result_for_the_next_batch_too final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override {
    return to_.open_results(session, epoch, credit, [sink = std::move(sink)](delivery one) {
      auto again = one;
      auto done = decode<batch_result>(one.payload).value();
      ++done.batch;
      again.payload = to_msgpack(done);
      sink(std::move(one));
      sink(std::move(again));
    });
  }
};

struct keeps_the_first_epoch final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  result<void> open_results(const std::string& session, std::uint64_t, std::size_t credit,
                            delivery_sink sink) override {
    return to_.open_results(session, 1, credit, std::move(sink));
  }
};

struct uses_a_message_id_again final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override {
    auto same = to;
    same.epoch = 1;
    same.attempt = 1;
    to_.publish_work(same, std::move(payload), std::move(done));
  }
};

struct loses_overdue_retries final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override {
    if (to.attempt > 1)
      return done(publish_outcome::stored);
    to_.publish_work(to, std::move(payload), std::move(done));
  }
};

struct sends_an_earlier_batchs_images final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override {
    auto work = decode<work_batch>(payload).value();
    if (work.assets.size() == earlier_.size() && to.batch % 4 == 3) {
      work.assets = earlier_;
      payload = to_msgpack(work);
    } else
      earlier_ = work.assets;
    to_.publish_work(to, std::move(payload), std::move(done));
  }
  std::vector<work_asset> earlier_;
};

struct says_stored_before_it_is final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override {
    to_.publish_result(session, batch, execution, std::move(payload), [](publish_outcome) {});
    done(publish_outcome::stored);
  }
};

struct says_stored_when_it_is_unknown final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override {
    to_.publish_result(session, batch, execution, std::move(payload),
                       [done = std::move(done)](publish_outcome) { done(publish_outcome::stored); });
  }
};

struct uses_a_results_message_id_again final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t,
                      std::vector<std::byte> payload, publish_done done) override {
    to_.publish_result(session, batch, 1, std::move(payload), std::move(done));
  }
};

struct acknowledges_what_it_hands_back final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void hand_back(const std::string& ack_subject, std::chrono::milliseconds) override {
    to_.ack_work(ack_subject, [](bool) {});
  }
};

struct keeps_what_it_should_hand_back final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void hand_back(const std::string&, std::chrono::milliseconds) override {}
};

struct loses_credit final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void add_credit(std::size_t batches) override {
    if (++calls_ % 10 != 0)
      to_.add_credit(batches);
  }
  int calls_ = 0;
};

std::vector<std::byte> changed(const std::vector<std::byte>& payload,
                               const std::function<void(batch_result&)>& how) {
  auto said = decode<batch_result>(payload).value();
  how(said);
  return to_msgpack(said);
}

bool is_a_word(const std::vector<std::byte>& payload) {
  return decode<batch_result>(payload).value().kind == static_cast<std::uint32_t>(result_kind::begun);
}

struct loses_withdrawals final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  void withdraw_work(const work_address&) override {}
};

struct publishes_pieces_as_wholes final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  void publish_work(const work_address& to, std::vector<std::byte> payload, publish_done done) override {
    auto whole = to;
    whole.piece = {};
    to_.publish_work(whole, std::move(payload), std::move(done));
  }
};

struct counts_a_piece_for_its_neighbour final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override {
    return to_.open_results(session, epoch, credit, [sink = std::move(sink)](delivery one) {
      one.payload = changed(one.payload, [](batch_result& said) {
        if (said.kind == 0 && !said.piece.is_whole() && said.piece.first >= said.piece.count)
          said.piece.first -= said.piece.count;
      });
      sink(std::move(one));
    });
  }
};

struct takes_words_for_strange_ones final : passing_coordinator_link {
  using passing_coordinator_link::passing_coordinator_link;
  result<void> open_results(const std::string& session, std::uint64_t epoch, std::size_t credit,
                            delivery_sink sink) override {
    return to_.open_results(session, epoch, credit, [this, sink = std::move(sink)](delivery one) {
      if (is_a_word(one.payload))
        return to_.ack_result(one.ack_subject);
      sink(std::move(one));
    });
  }
};

struct begins_without_a_word final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override {
    if (is_a_word(payload))
      return done(publish_outcome::stored);
    to_.publish_result(session, batch, execution, std::move(payload), std::move(done));
  }
};

struct acknowledges_what_it_begins final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  result<void> open_work(const std::string& pool, delivery_sink sink) override {
    return to_.open_work(pool, [this, sink = std::move(sink)](delivery one) {
      if (one.delivered > 2)
        to_.ack_work(one.ack_subject, [](bool) {});
      sink(std::move(one));
    });
  }
};

struct hides_how_often_work_was_delivered final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  result<void> open_work(const std::string& pool, delivery_sink sink) override {
    return to_.open_work(pool, [sink = std::move(sink)](delivery one) {
      one.delivered = 1;
      sink(std::move(one));
    });
  }
};

struct says_a_piece_is_the_whole final : passing_worker_link {
  using passing_worker_link::passing_worker_link;
  void publish_result(const std::string& session, std::uint64_t batch, std::uint64_t execution,
                      std::vector<std::byte> payload, publish_done done) override {
    to_.publish_result(session, batch, execution,
                       changed(payload, [](batch_result& said) { said.piece = {}; }), std::move(done));
  }
};

template <class Link>
void coordinators_use(surroundings& around) {
  around.wrappers.coordinator = [](coordinator_link& to) { return std::make_unique<Link>(to); };
}

template <class Link>
void workers_use(surroundings& around) {
  around.wrappers.worker = [](worker_link& to) { return std::make_unique<Link>(to); };
}

bool names(const std::filesystem::path& path, std::string_view start) {
  return path.filename().native().starts_with(start);
}

void ledger_is_not_synced(surroundings& around) {
  around.disk.lies = [](disk_step what, const std::filesystem::path& path) {
    return what == disk_step::sync && names(path, "segment-");
  };
}

void shards_are_not_synced(surroundings& around) {
  around.disk.lies = [](disk_step what, const std::filesystem::path& path) {
    return what == disk_step::sync && names(path, "img_emb_");
  };
}

void names_of_shards_are_not_synced(surroundings& around) {
  around.disk.lies = [](disk_step what, const std::filesystem::path& path) {
    return what == disk_step::sync_directory && names(path, "img_emb");
  };
}

void failures_are_not_synced(surroundings& around) {
  around.disk.lies = [](disk_step what, const std::filesystem::path& path) {
    return what == disk_step::sync && names(path, "failures.jsonl");
  };
}

void what_a_generation_takes_out_is_not_synced(surroundings& around) {
  around.disk.lies = [](disk_step what, const std::filesystem::path& path) {
    return what == disk_step::sync && (names(path, "superseded-") || names(path, "live-"));
  };
}

void the_listing_is_not_synced(surroundings& around) {
  around.disk.lies = [](disk_step what, const std::filesystem::path& path) {
    return what == disk_step::sync && names(path, "manifest");
  };
}

} // namespace

std::vector<planted_bug> planted_bugs() {
  return {
      {"a_result_is_acknowledged_before_it_is_stored", coordinators_use<acknowledges_results_on_arrival>},
      {"the_ledger_is_not_synced", ledger_is_not_synced},
      {"shards_are_not_synced", shards_are_not_synced},
      {"names_of_shards_are_not_synced", names_of_shards_are_not_synced},
      {"failures_are_not_synced", failures_are_not_synced},
      {"every_owner_has_the_first_epoch", coordinators_use<keeps_the_first_epoch>},
      {"a_folder_has_two_owners",
       [](surroundings& around) { around.lock_holds = around.lease_counts = false; }},
      {"a_result_counts_for_the_next_batch_too", coordinators_use<counts_a_result_for_the_next_batch_too>},
      {"a_batch_is_sent_with_anothers_images", coordinators_use<sends_an_earlier_batchs_images>},
      {"a_message_id_of_work_is_used_again", coordinators_use<uses_a_message_id_again>},
      {"a_message_id_of_results_is_used_again", workers_use<uses_a_results_message_id_again>},
      {"overdue_batches_are_not_sent_again", coordinators_use<loses_overdue_retries>},
      {"work_is_acknowledged_before_its_result_is_stored", workers_use<says_stored_before_it_is>},
      {"an_unknown_outcome_is_taken_for_stored", workers_use<says_stored_when_it_is_unknown>},
      {"work_that_is_handed_back_is_acknowledged", workers_use<acknowledges_what_it_hands_back>},
      {"work_that_should_be_handed_back_is_kept", workers_use<keeps_what_it_should_hand_back>},
      {"credit_is_lost", workers_use<loses_credit>},
      {"the_listing_begins_again", [](surroundings& around) { around.listing.begins_again = true; }},
      {"the_listing_goes_on_one_image_too_late",
       [](surroundings& around) { around.listing.skips_one = true; }},
      {"the_end_of_the_listing_is_not_told",
       [](surroundings& around) { around.listing.tells_its_end = false; }},
      {"withdrawals_are_lost", coordinators_use<loses_withdrawals>},
      {"pieces_are_published_as_wholes", coordinators_use<publishes_pieces_as_wholes>},
      {"a_piece_counts_for_its_neighbour", coordinators_use<counts_a_piece_for_its_neighbour>},
      {"words_are_dropped_as_strange", coordinators_use<takes_words_for_strange_ones>},
      {"suspected_work_is_begun_without_a_word", workers_use<begins_without_a_word>},
      {"suspected_work_is_acknowledged_as_it_begins", workers_use<acknowledges_what_it_begins>},
      {"nobody_hears_how_often_work_was_delivered", workers_use<hides_how_often_work_was_delivered>},
      {"a_piece_is_told_as_the_whole", workers_use<says_a_piece_is_the_whole>},
      {"the_files_of_a_generation_are_not_synced", what_a_generation_takes_out_is_not_synced},
      {"the_listing_is_not_synced", the_listing_is_not_synced},
      {"an_update_is_compared_as_if_nothing_had_changed",
       [](surroundings& around) { around.listing.compares = false; }},
  };
}

} // namespace trainyard::simulation
