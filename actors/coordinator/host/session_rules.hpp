// Pure: what clients may ask of a session in each of its states, as edits of its record.
#pragma once

#include <string>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

[[nodiscard]] bool has_ended(const session_record& record);
/// Adds those that are not there yet: an earlier owner may have heard of others.
void add_devices(session_status& status, const std::vector<std::string>& worked);
/// False where nothing changes; session_conflict where the state does not allow it. `now` is the time of day
/// as text. A session that a coordinator owns is only marked: the owner acts on `wanted`.
[[nodiscard]] result<bool> ask_pause(session_record& record);
[[nodiscard]] result<bool> ask_resume(session_record& record);
[[nodiscard]] result<bool> ask_cancel(session_record& record, const std::string& now);
/// A failed or cancelled session is queued again and goes on where it stopped; a completed one too, to embed
/// its failed images again.
[[nodiscard]] result<bool> ask_retry(session_record& record);
/// The job was submitted again: a completed session is queued again, to follow its directory. Any other one
/// is on its way, or waits for a retry.
[[nodiscard]] bool ask_update(session_record& record, const session_spec& asked);

} // namespace trainyard
