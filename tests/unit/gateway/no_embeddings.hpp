// For desks that no test asks for single vectors.
#pragma once

#include <gtest/gtest.h>

#include "nodes/gateway/embedding_port.hpp"

namespace trainyard::testing {

struct no_embeddings : embedding_port {
  void run(embedding_task, answer_sink) override { ADD_FAILURE() << "workers were asked"; }
};

} // namespace trainyard::testing
