// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <initializer_list>
#include <optional>
#include <string_view>

namespace voicecast {

/// A field of a log line for journald, such as {"VOICECAST_STREAM", id}; names are in upper case.
struct LogField {
  const char* name;
  std::string_view value;
};

/// Logs one line for the operator. Only journald gets the fields, so the message must be complete without them. Any
/// thread.
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

/// Logs an error from a signal handler: async-signal-safe. `words` contain no control characters.
void log_from_handler(std::string_view words) noexcept;

/// Parses `error`, `warning`, `info` or `debug`, the values of --log-level; nothing for another name. Pure.
std::optional<GLogLevelFlags> parse_log_level(std::string_view name);

/// Sends all log messages of GLib, of this program and of the libraries to journald (with fields) or standard error;
/// drops messages less severe than `level`. Call once, before any other thread starts.
void start_logging(GLogLevelFlags level);

/// Changes the log level. Any thread.
void set_log_level(GLogLevelFlags level);

}  // namespace voicecast
