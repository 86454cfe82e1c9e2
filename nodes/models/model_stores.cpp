// One order of looking for models, whichever command looks.
#include "nodes/models/model_stores.hpp"

#include "config/load.hpp"
#include "config/places.hpp"
#include "nodes/program_path.hpp"

namespace trainyard {

model_store models_of(const settings& from) {
  const auto variables = process_environment();
  return model_store(model_folders(from, variables, program_path()), hub_cache(hub_folder(variables)));
}

} // namespace trainyard
