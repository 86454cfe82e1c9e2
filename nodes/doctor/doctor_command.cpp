// The checks in the order in which a role meets them.
#include "nodes/doctor/doctor_command.hpp"

#include "actors/log.hpp"
#include "nodes/doctor/device_checks.hpp"
#include "nodes/doctor/machine_checks.hpp"
#include "nodes/doctor/nats_checks.hpp"
#include "nodes/doctor/program_checks.hpp"
#include "nodes/gateway/gateway_plan.hpp"
#include "nodes/terminal/command_end.hpp"
#include "nodes/terminal/terminal_mode.hpp"

namespace trainyard {
namespace {

finding on_gateway(const settings& from) {
  const auto plan = plan_gateway(from);
  if (!plan)
    return bad("listen", plan.error());
  return good("listen",
              from.text("gateway.listen") + (plan->token.empty() ? ", loopback, for everybody on this machine"
                                                                 : ", for callers with the token"));
}

findings look_at_all(const settings& from, const std::string& role) {
  findings all{on_program(), on_libraries()};
  const bool embeds = role == "run" || role == "worker";
  if (role == "run")
    all.push_back(on_server_program(from));
  if (embeds || role == "coordinator")
    look_at_model(all, from);
  if (embeds) {
    look_at_devices(all, from);
    all.push_back(on_decoders(from));
  }
  if (role == "gateway")
    all.push_back(on_gateway(from));
  look_at_folders(all, from, role);
  all.push_back(on_limits(from, role));
  all.push_back(on_memory());
  if (role != "run" || from.is_given("nats.url") || from.is_given("nats.context"))
    look_at_nats(all, from, role);
  return all;
}

} // namespace

int doctor_command(const settings& from) {
  set_up_log({log_level::off, false, {}});
  const auto& role = from.text("doctor.role");
  const auto all = look_at_all(from, role);
  const auto text =
      from.boolean("run.json") ? findings_json(all, role) : findings_text(all, choose_colour(facts_of(1)));
  if (const auto unwritable = print(text); unwritable != 0)
    return unwritable;
  return all_work(all) ? 0 : 1;
}

} // namespace trainyard
