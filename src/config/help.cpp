// SPDX-License-Identifier: MIT
#include "config/help.hpp"

#include <algorithm>
#include <string_view>

#include "config/options.hpp"

namespace voicecast {
namespace {

constexpr std::size_t help_width = 80;
constexpr std::size_t help_column = 28;  // fits "--ice-port-range MIN-MAX"; a longer head gets its own line

/// Appends `text` to `out`, wrapped. `column`: the length of the last line; `indent`: the start of further lines.
void append_wrapped(std::string& out, std::string_view text, std::size_t column, std::size_t indent) {
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > indent && column + 1 + word.size() > help_width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) out += ' ', ++column;
    out += word;
    column += word.size();
  }
  out += '\n';
}

std::string explanation(const Option& option) {
  std::string text(option.help);
  if (option.is_repeatable) text += " May be repeated.";
  if (!option.default_argument.empty()) text += " Default: " + std::string(option.default_argument) + ".";
  return text;
}

void append_help(std::string& out, const Option& option) {
  std::string head = "  --" + std::string(option.name);
  if (!option.argument.empty()) head += ' ' + std::string(option.argument);
  if (head.size() + 2 > help_column) {
    out += head + '\n';
    head.clear();
  }
  head.resize(help_column, ' ');
  out += head;
  append_wrapped(out, explanation(option), help_column, help_column);
}

}  // namespace

std::string help_text() {
  std::string text =
      "Usage: voicecast [OPTION]...\n"
      "       voicecast token [OPTION]...   (creates a token: voicecast token --help)\n"
      "       voicecast doctor [OPTION]...  (checks this machine and the settings)\n"
      "Receives voice by WebRTC and streams it to WebRTC listeners and MP3 players.\n\n";
  for (const Option& option : all_options()) append_help(text, option);
  text += '\n';
  append_wrapped(
      text,
      "Every setting is also an environment variable (--audio-port: VOICECAST_AUDIO_PORT) and a key of the group "
      "[voicecast] in the key file (audio-port=8081), where several values are separated by commas. The command line "
      "wins over the environment, and that over the file. The "
      "file may have groups [publish.NAME], which record streams or push them onward: see the man page.",
      0, 0);
  return text;
}

}  // namespace voicecast
