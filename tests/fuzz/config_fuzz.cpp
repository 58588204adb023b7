// SPDX-License-Identifier: MIT

// The key file, the environment and the command line.

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/config.hpp"

using namespace voicecast;

namespace {

/// A file in memory that holds `text`.
std::string file_with(std::string_view text) {
  static const int file = memfd_create("voicecast.conf", MFD_CLOEXEC);
  if (ftruncate(file, 0) != 0 || pwrite(file, text.data(), text.size(), 0) < 0) std::abort();
  return "/proc/self/fd/" + std::to_string(file);
}

void check(const std::variant<Config, PrintAndExit>& outcome) {
  const auto* exit = std::get_if<PrintAndExit>(&outcome);
  if (!exit || exit->status == 0) return;
  if (!exit->text.ends_with('\n') || exit->text.find('\n') + 1 != exit->text.size()) std::abort();  // one line
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find("credentials") != text.npos) return 0;  // would touch files that the text names
  const std::array<std::string, 2> from_file = {"--config", file_with(text)};
  check(read_config(from_file, {}));
  const auto line = std::string(text.substr(0, text.find('\n')));
  const std::array<std::string, 1> argument = {"--" + line};
  if (!line.starts_with("config")) check(read_config(argument, {}));
  const auto equals = line.find('=');
  if (equals != line.npos && !line.starts_with("CONFIG"))
    check(read_config({}, {{"VOICECAST_" + line.substr(0, equals), line.substr(equals + 1)}}));
  return 0;
}
