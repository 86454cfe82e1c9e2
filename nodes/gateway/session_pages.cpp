// Member by member.
#include "nodes/gateway/session_pages.hpp"

namespace trainyard {

session_page page_of(session_list listed, const list_request& wanted) {
  session_page page;
  page.total = listed.total;
  page.offset = wanted.offset;
  page.states = std::move(listed.states);
  page.sessions = std::move(listed.sessions);
  if (const auto end = wanted.offset + page.sessions.size(); end < page.total && !page.sessions.empty())
    page.next_offset = end;
  return page;
}

} // namespace trainyard
