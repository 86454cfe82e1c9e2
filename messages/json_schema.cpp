// Which messages have a page.
#include "messages/json_schema.hpp"

#include "messages/api.hpp"
#include "messages/embed.hpp"
#include "messages/images.hpp"

namespace trainyard {

std::vector<schema_page> schema_pages() {
  return {
      schema_page_of<session_spec>("session_spec", "A job: request to PREFIX.api.submit, or published to "
                                                   "PREFIX.jobs.ID."),
      schema_page_of<submit_reply>("submit_reply", "Answer to submit."),
      schema_page_of<session_status>("session_status", "Answer to status, pause, resume, cancel and retry."),
      schema_page_of<list_request>("list_request", "Request to PREFIX.api.list; {} is one too."),
      schema_page_of<session_list>("session_list", "Answer to list."),
      schema_page_of<failures_request>("failures_request", "Request to PREFIX.api.failures.ID."),
      schema_page_of<failure_page>("failure_page", "Answer to failures."),
      schema_page_of<device_list>("device_list", "Answer to devices."),
      schema_page_of<error_reply>("error_reply",
                                  "Answer to any request that was refused; docs/errors.md tells "
                                  "the codes."),
      schema_page_of<node_heartbeat>("node_heartbeat",
                                     "Published by workers to PREFIX.events.node.NODE, once a "
                                     "second."),
      schema_page_of<session_progress>("session_progress", "Published by coordinators to "
                                                           "PREFIX.events.session.ID, about once a second."),
      schema_page_of<work_batch>("work_batch", "Work, in the stream PREFIX_WORK."),
      schema_page_of<image_request>("image_request", "Request to PREFIX.images.ROOT for a part of one file."),
      schema_page_of<image_chunk>("image_chunk", "Answer to an image_request."),
      schema_page_of<upload_request>("upload_request", "Request to PREFIX.upload.FOLDER about one image."),
      schema_page_of<upload_reply>("upload_reply", "Answer to an upload_request."),
      schema_page_of<embed_request>("embed_request",
                                    "Request to PREFIX.embed.MODEL: one image, or one text."),
      schema_page_of<embed_answer>("embed_answer", "Answer to an embed_request."),
      schema_page_of<batch_result>("batch_result", "What became of a batch, in the stream PREFIX_RESULTS."),
  };
}

} // namespace trainyard
