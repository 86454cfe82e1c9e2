// The folder or root is the subject's last token; all else stands in the message.
#include "nodes/images/image_service.hpp"

#include "messages/subject_tokens.hpp"
#include "nodes/images/image_shelf.hpp"
#include "nodes/images/upload_desk.hpp"
#include "nodes/nats/request_pool.hpp"

namespace trainyard {

struct image_service::state {
  std::optional<image_shelf> shelf;
  std::unique_ptr<upload_desk> desk;
  std::unique_ptr<request_pool> reads; ///< after what they use, so that they end first
  std::unique_ptr<request_pool> uploads;
};

image_service::image_service(std::unique_ptr<state> made) : state_(std::move(made)) {}
image_service::~image_service() = default;

result<std::unique_ptr<image_service>> image_service::open(std::shared_ptr<connection> link,
                                                           const image_service_options& options) {
  std::unique_ptr<image_service> made(new image_service(std::make_unique<state>()));
  auto* state = made->state_.get(); // outlives both pools
  if (options.uploads) {
    auto store = upload_store::open(*options.uploads, options.limits);
    if (!store)
      return tl::unexpected(store.error());
    state->desk = std::make_unique<upload_desk>(std::move(*store));
    auto pool = request_pool::open(link, {options.names.upload("*")},
                                   [state](const nats_message& asked) {
                                     return state->desk->answer(last_token(asked.subject), asked.payload);
                                   },
                                   {options.names.coordinators(), 2, 64});
    if (!pool)
      return tl::unexpected(pool.error());
    state->uploads = std::move(*pool);
  }
  image_shelf::root_map roots;
  std::vector<std::string> subjects_of_roots;
  for (const auto& [name, path] : options.roots) {
    auto opened = root_directory::open(path.string());
    if (!opened)
      return tl::unexpected(opened.error());
    roots.emplace(name, std::make_shared<const root_directory>(std::move(*opened)));
    subjects_of_roots.push_back(options.names.images(name));
  }
  state->shelf.emplace(std::move(roots));
  auto* raw_link = link.get(); // the pool holds it
  auto pool = request_pool::open(std::move(link), subjects_of_roots,
                                 [state, raw_link](const nats_message& asked) {
                                   return state->shelf->answer(last_token(asked.subject), asked.payload,
                                                               raw_link->max_payload_bytes());
                                 },
                                 {options.names.coordinators(), 4, 64});
  if (!pool)
    return tl::unexpected(pool.error());
  state->reads = std::move(*pool);
  return made;
}

} // namespace trainyard
