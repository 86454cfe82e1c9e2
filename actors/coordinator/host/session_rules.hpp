// Pure: what clients may ask of a session in each of its states, as edits of its record.
#pragma once

#include <string>

#include "messages/api.hpp"
#include "messages/failure.hpp"

namespace trainyard {

[[nodiscard]] bool has_ended(const session_record& record);
/// False where nothing changes; session_conflict where the state does not allow it. `now` is the time of day
/// as text. A session that a coordinator owns is only marked: the owner acts on `wanted`.
[[nodiscard]] result<bool> ask_pause(session_record& record);
[[nodiscard]] result<bool> ask_resume(session_record& record);
[[nodiscard]] result<bool> ask_cancel(session_record& record, const std::string& now);
/// A failed or cancelled session is queued again and goes on where it stopped.
[[nodiscard]] result<bool> ask_retry(session_record& record);

} // namespace trainyard
