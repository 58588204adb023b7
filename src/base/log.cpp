// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace voicecast {
namespace {

constexpr const char* our_domain = "voicecast";

/// The destination of log lines. Except for the level, only start_logging() writes it, before any other thread exists.
struct Sink {
  std::atomic<GLogLevelFlags> level = G_LOG_LEVEL_INFO;
  GLogLevelFlags fatal_levels = G_LOG_LEVEL_ERROR;
  long utc_offset_s = 0;  // at program start
  bool is_journald = false;
  bool has_colour = false;
  bool is_installed = false;
};
Sink sink;

struct Look {
  std::string_view word;  // padded to five
  std::string_view colour;
};

Look look_of(GLogLevelFlags level) {
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) return {"error", "\033[31m"};
  if (level & G_LOG_LEVEL_WARNING) return {"warn ", "\033[33m"};
  if (level & G_LOG_LEVEL_DEBUG) return {"debug", "\033[2m"};
  return {"info ", "\033[32m"};
}

/// The syslog severity. GLib maps a critical to a warning; here it is an error.
const char* priority_of(GLogLevelFlags level) {
  if (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) return "3";
  if (level & G_LOG_LEVEL_WARNING) return "4";
  if (level & G_LOG_LEVEL_MESSAGE) return "5";
  return level & G_LOG_LEVEL_DEBUG ? "7" : "6";
}

std::string_view find_field(std::span<const GLogField> fields, const char* key) {
  const auto found = std::ranges::find_if(fields, [&](const GLogField& f) { return std::strcmp(f.key, key) == 0; });
  if (found == fields.end() || !found->value) return {};
  const auto* text = static_cast<const char*>(found->value);
  return found->length < 0 ? std::string_view(text) : std::string_view(text, static_cast<std::size_t>(found->length));
}

std::string clock_time() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[sizeof "HH:MM:SS"];
  return {text, std::strftime(text, sizeof text, "%H:%M:%S", &local)};
}

std::string format_line(GLogLevelFlags level, std::span<const GLogField> fields) {
  const auto [word, colour] = look_of(level);
  const std::string_view domain = find_field(fields, "GLIB_DOMAIN");
  std::string text;
  if (!domain.empty() && domain != our_domain) text.append(domain).append(": ");
  text += find_field(fields, "MESSAGE");
  std::ranges::replace_if(
      text, [](char c) { return g_ascii_iscntrl(c); }, ' ');  // client input can appear in messages

  std::string line = clock_time() + ' ';
  if (sink.has_colour) line += colour;
  line += word;
  if (sink.has_colour) line += "\033[0m";
  return line + ' ' + text + '\n';
}

/// Writes the time of day into 8 characters, for signal handlers, which must not read the time zone.
void write_clock_time(char* text, std::time_t now) {
  constexpr long day_s = 24 * 60 * 60;
  const long second = ((now + sink.utc_offset_s) % day_s + day_s) % day_s;
  const auto write_two = [&text](long number) {
    *text++ = static_cast<char>('0' + number / 10);
    *text++ = static_cast<char>('0' + number % 10);
  };
  write_two(second / 3600);
  *text++ = ':';
  write_two(second / 60 % 60);
  *text++ = ':';
  write_two(second % 60);
}

/// Writes the line with a single write(), so that lines of two threads do not interleave. A line that standard error
/// does not accept is lost.
void write_to_stderr(std::string_view line) {
  while (!line.empty()) {
    const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// Applies G_DEBUG=fatal-criticals and the like to the structured log, where GLib leaves this to the writer; the old
/// API aborts by itself. Messages of this program are not bugs and never abort.
bool is_fatal(GLogLevelFlags level, std::span<const GLogField> fields) {
  return (level & sink.fatal_levels) && find_field(fields, "GLIB_DOMAIN") != our_domain &&
         find_field(fields, "GLIB_OLD_LOG_API").empty();
}

GLogWriterOutput write_log(GLogLevelFlags level, const GLogField* raw_fields, gsize count, gpointer) noexcept {
  const std::span fields(raw_fields, count);
  if ((level & G_LOG_LEVEL_MASK) <= sink.level) {  // more severe levels have lower values
    const bool is_sent =
        sink.is_journald && g_log_writer_journald(level, raw_fields, count, nullptr) == G_LOG_WRITER_HANDLED;
    if (!is_sent) write_to_stderr(format_line(level, fields));
  }
  if (is_fatal(level, fields)) std::abort();
  return G_LOG_WRITER_HANDLED;
}

/// GLib returns the fatal levels only from the function that sets them.
GLogLevelFlags read_fatal_levels() {
  const GLogLevelFlags levels = g_log_set_always_fatal(G_LOG_LEVEL_ERROR);
  g_log_set_always_fatal(levels);
  return levels;
}

long utc_offset_s() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return local.tm_gmtoff;
}

GLogField make_field(const char* key, std::string_view value) {
  return {key, value.data(), static_cast<gssize>(value.size())};
}

}  // namespace

void log_line(GLogLevelFlags level, std::string_view words, std::initializer_list<LogField> fields) {
  std::vector<GLogField> all{make_field("MESSAGE", words), make_field("PRIORITY", priority_of(level)),
                             make_field("GLIB_DOMAIN", our_domain), make_field("SYSLOG_IDENTIFIER", our_domain)};
  for (const auto& [name, value] : fields) all.push_back(make_field(name, value));
  // GLib's default writer would use standard output and abort on fatal-criticals, so it does not get these lines.
  if (!sink.is_installed) return static_cast<void>(write_log(level, all.data(), all.size(), nullptr));
  g_log_structured_array(level, all.data(), all.size());
}

void log_from_handler(std::string_view words) noexcept {
  constexpr std::string_view journald_mark = "<3>", level = " error ";
  char line[256];
  char* end = line;
  const auto append = [&](std::string_view text) {
    const auto room = static_cast<std::size_t>(line + sizeof line - 1 - end);
    end = std::copy_n(text.data(), std::min(text.size(), room), end);
  };
  if (sink.is_journald) {
    append(journald_mark);  // sd-daemon(3)
  } else {
    append("HH:MM:SS");
    write_clock_time(line, std::time(nullptr));
    append(level);
  }
  append(words);
  *end++ = '\n';
  write_to_stderr({line, static_cast<std::size_t>(end - line)});
}

std::optional<GLogLevelFlags> parse_log_level(std::string_view name) {
  constexpr std::pair<std::string_view, GLogLevelFlags> levels[] = {{"error", G_LOG_LEVEL_CRITICAL},
                                                                    {"warning", G_LOG_LEVEL_WARNING},
                                                                    {"info", G_LOG_LEVEL_INFO},
                                                                    {"debug", G_LOG_LEVEL_DEBUG}};
  for (const auto& [known, level] : levels) {
    if (known == name) return level;
  }
  return std::nullopt;
}

void start_logging(GLogLevelFlags level) {
  sink.level = level;
  sink.fatal_levels = read_fatal_levels();
  sink.utc_offset_s = utc_offset_s();
  sink.is_journald = g_log_writer_is_journald(STDERR_FILENO);
  sink.has_colour = g_log_writer_supports_color(STDERR_FILENO);
  sink.is_installed = true;
  g_log_set_writer_func(write_log, nullptr, nullptr);
}

void set_log_level(GLogLevelFlags level) { sink.level = level; }

}  // namespace voicecast
