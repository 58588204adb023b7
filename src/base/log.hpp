// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <initializer_list>
#include <optional>
#include <string_view>

namespace voicecast {

/// A field of a log line for journald, such as {"VOICECAST_STREAM", id}; names are upper case.
struct LogField {
  const char* name;
  std::string_view value;
};

/// One line for the operator. Any thread. Fields go to journald only, so the words must stand alone.
void log_line(GLogLevelFlags level, std::string_view words, std::initializer_list<LogField> fields = {});

inline void log_error(std::string_view words, std::initializer_list<LogField> fields = {}) {
  log_line(G_LOG_LEVEL_CRITICAL, words, fields);
}
inline void log_warning(std::string_view words, std::initializer_list<LogField> fields = {}) {
  log_line(G_LOG_LEVEL_WARNING, words, fields);
}
inline void log_info(std::string_view words, std::initializer_list<LogField> fields = {}) {
  log_line(G_LOG_LEVEL_INFO, words, fields);
}
inline void log_debug(std::string_view words, std::initializer_list<LogField> fields = {}) {
  log_line(G_LOG_LEVEL_DEBUG, words, fields);
}

/// An error's line, for signal handlers: async-signal-safe. `words` have no control characters.
void log_from_handler(std::string_view words) noexcept;

/// `error`, `warning`, `info` or `debug`, as --log-level takes them.
std::optional<GLogLevelFlags> parse_log_level(std::string_view name);

/// Sends all of GLib's logging, ours and the libraries', to journald (with fields) or standard error; drops what is
/// less important than `level`. Call once, before any other thread.
void start_logging(GLogLevelFlags level);

/// Another level from now on. Any thread.
void set_log_level(GLogLevelFlags level);

}  // namespace voicecast
