// The property list of a role: a daemon of the machine, or an agent of a user who is logged in.
#include "nodes/service/service_text.hpp"

namespace trainyard {
namespace {

std::string string_line(std::string_view text, int depth) {
  return std::string(static_cast<std::size_t>(depth) * 2, ' ') + "<string>" + xml_text(text) + "</string>\n";
}

std::string pair_of(const char* key, std::string_view text) {
  return "  <key>" + std::string(key) + "</key>\n" + string_line(text, 1);
}

/// In a comment two dashes must not stand together.
std::string head_of(const service_plan& plan) {
  return "<!-- Written by `trainyard service install " + plan.role +
         "`. launchd reads no file of secrets: give the installation a\n"
         "     configuration file ([nats] password = \"...\") of mode 600 with the flag config.\n"
         "     A daemon (flag system) runs before anybody logs in, and macOS lets it reach the local "
         "network, which it may\n"
         "     refuse an agent. -->\n";
}

} // namespace

std::string xml_text(std::string_view raw) {
  std::string out;
  for (const char each : raw)
    switch (each) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    default:
      out += each;
    }
  return out;
}

std::string launchd_plist(const service_plan& plan) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                     "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n" +
                     head_of(plan) + "<plist version=\"1.0\">\n<dict>\n" +
                     pair_of("Label", service_name(plan)) + "  <key>ProgramArguments</key>\n  <array>\n";
  for (const auto& each : plan.command)
    text += string_line(each, 2);
  text += "  </array>\n";
  if (plan.of_system)
    text += pair_of("UserName", plan.user);
  text += "  <key>RunAtLoad</key>\n  <true/>\n  <key>KeepAlive</key>\n  <true/>\n"
          "  <key>ThrottleInterval</key>\n  <integer>5</integer>\n"
          "  <key>ExitTimeOut</key>\n  <integer>60</integer>\n";
  text += pair_of("ProcessType", plan.role == "worker" ? "Standard" : "Background");
  return text + pair_of("StandardErrorPath", plan.log.string()) + "</dict>\n</plist>\n";
}

} // namespace trainyard
