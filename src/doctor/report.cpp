// SPDX-License-Identifier: MIT
#include "doctor/report.hpp"

#include <algorithm>
#include <string_view>

#include "base/ptr.hpp"

namespace voicecast {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t subject_column = 9;  // after "problem"
constexpr std::size_t words_column = 23;   // after "plugin cache"

struct Style {
  std::string_view word;
  std::string_view colour;  ///< ECMA-48 SGR
};

Style style_of(Level level) {
  switch (level) {
    case Level::ok:
      return {"ok", "\033[32m"};
    case Level::warning:
      return {"warning", "\033[33m"};
    case Level::problem:
      break;
  }
  return {"problem", "\033[1;31m"};
}

/// The columns of UTF-8 text, one for each character.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t columns) {
  const auto taken = columns_of(text);
  return std::string(text) + std::string(taken < columns ? columns - taken : 1, ' ');
}

/// Replaces invalid UTF-8 and control characters, which text from files or the network may contain.
std::string plain(const std::string& text) {
  const GUnique<char> valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())));
  std::string out;
  for (const char* at = valid.get(); *at;) {
    const char* next = g_utf8_next_char(at);
    if (g_unichar_iscntrl(g_utf8_get_char(at)))
      out += ' ';
    else
      out.append(at, next);
    at = next;
  }
  return out;
}

/// Wraps text: it starts at `column`, as do its further lines.
std::string wrapped(std::string_view text, std::size_t column) {
  std::string out;
  auto at = column;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const bool is_first = at == column;
    if (!is_first && at + 1 + columns_of(word) > width) {
      out += '\n' + std::string(column, ' ');
      at = column;
    } else if (!is_first) {
      out += ' ';
      ++at;
    }
    out += word;
    at += columns_of(word);
  }
  return out + '\n';
}

std::string line_of(const Finding& finding, bool in_colour) {
  const auto [word, colour] = style_of(finding.level);
  auto level = padded(word, subject_column);
  if (in_colour) level = std::string(colour) + level + "\033[0m";
  auto line =
      level + padded(finding.subject, words_column - subject_column) + wrapped(plain(finding.words), words_column);
  if (!finding.advice.empty())
    line += std::string(words_column, ' ') + "→ " + wrapped(plain(finding.advice), words_column + 2);
  return line;
}

std::string count_of(const Findings& findings, Level level, const std::string& name) {
  const auto count = std::ranges::count(findings, level, &Finding::level);
  if (count == 0) return "no " + name + 's';
  return std::to_string(count) + ' ' + name + (count == 1 ? "" : "s");
}

}  // namespace

std::string report_of(const Findings& findings, bool in_colour) {
  std::string text;
  for (const auto& finding : findings) text += line_of(finding, in_colour);
  return text + '\n' + count_of(findings, Level::problem, "problem") + ", " +
         count_of(findings, Level::warning, "warning") + '\n';
}

int exit_status_of(const Findings& findings) {
  return std::ranges::find(findings, Level::problem, &Finding::level) == findings.end() ? 0 : 1;
}

}  // namespace voicecast
