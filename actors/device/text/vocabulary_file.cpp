// Looked at before it is opened: a pipe would be waited for, for ever.
#include "actors/device/text/vocabulary_file.hpp"

#include "actors/disk/durable_file.hpp"

namespace trainyard {

namespace fs = std::filesystem;

tl::unexpected<failure> refuse_vocabulary(const fs::path& file, const std::string& why) {
  return fail(failure_kind::model_invalid, file.string() + " " + why,
              "take the file from the model's repository again");
}

result<std::string> read_vocabulary_file(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error))
    return refuse_vocabulary(file, "is not a regular file");
  if (const auto bytes = fs::file_size(file, error); error || bytes > most_vocabulary_bytes)
    return refuse_vocabulary(file, "has more than 32 MiB");
  return read_file(file);
}

} // namespace trainyard
