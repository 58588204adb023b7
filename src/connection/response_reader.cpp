// SPDX-License-Identifier: MIT
#include "connection/response_reader.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "connection/field_text.hpp"

namespace voicecast {
namespace {

constexpr std::string_view line_end = "\r\n", head_end = "\r\n\r\n";

/// The status of "HTTP/1.1 200 OK"; 0 for an invalid line.
unsigned status_of(std::string_view head) {
  const auto space = head.find(' ');
  return space == head.npos ? 0 : parse_number<unsigned>(head.substr(space + 1, 3)).value_or(0);
}

/// The value of a field in lower case; nothing without the field.
std::optional<std::string> field_of(std::string_view head, std::string_view name) {
  for (auto end = head.find(line_end); end != head.npos && end + line_end.size() < head.size();) {
    head.remove_prefix(end + line_end.size());
    end = head.find(line_end);
    const auto line = head.substr(0, end);
    const auto colon = std::min(line.find(':'), line.size());
    if (lower(line.substr(0, colon)) == name)
      return lower(without_field_space(line.substr(std::min(colon + 1, line.size()))));
  }
  return std::nullopt;
}

constexpr unsigned switching_protocols = 101, no_content = 204, not_modified = 304;

}  // namespace

void ResponseReader::next(bool is_to_head_request) {
  *this = {};
  is_to_head_request_ = is_to_head_request;
}

std::size_t ResponseReader::follow(std::string_view bytes) {
  std::size_t taken = 0;
  while (state_ == State::head && taken < bytes.size()) taken += follow_head(bytes.substr(taken));
  if (state_ == State::until_close) return bytes.size();
  if (state_ != State::body) return taken;
  const auto part = std::min(left_, bytes.size() - taken);
  left_ -= part;
  if (left_ == 0) state_ = State::whole;
  return taken + part;
}

std::size_t ResponseReader::follow_head(std::string_view bytes) {
  const auto known = head_.size();
  head_ += bytes;
  const auto end = head_.find(head_end, known - std::min(known, head_end.size() - 1));
  if (end == head_.npos) return bytes.size();
  head_.resize(end + head_end.size());
  const auto taken = head_.size() - known;
  on_head();
  head_.clear();
  return taken;
}

void ResponseReader::on_head() {
  const auto status = status_of(head_);
  if (status == switching_protocols) {
    state_ = State::switched;
    return;
  }
  const bool is_interim = status >= 100 && status < 200;
  if (is_interim) return;
  closes_ = field_of(head_, "connection").value_or("").find("close") != std::string::npos;
  const auto length = field_of(head_, "content-length");
  if (is_to_head_request_ || status == no_content || status == not_modified) {
    state_ = State::whole;
  } else if (const auto bytes = length ? parse_number<std::size_t>(*length) : std::nullopt) {
    left_ = *bytes;
    state_ = *bytes > 0 ? State::body : State::whole;
  } else {
    state_ = State::until_close;
  }
}

}  // namespace voicecast
