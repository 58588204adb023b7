// SPDX-License-Identifier: MIT
#include "connection/connection_machine.hpp"

#include <algorithm>
#include <utility>

#include "connection/redirect.hpp"

namespace voicecast {
namespace {

/// The work of one connection per iteration of the main loop; a message takes some 10 µs.
constexpr std::size_t max_turn_bytes = 16 * 1024, max_turn_frames = 8;

/// The input accepted from a client that does not read its output: each ping makes libsoup queue a pong, without a
/// limit.
constexpr std::size_t max_passed_while_blocked = 1024 * 1024;

}  // namespace

Phase ConnectionMachine::phase() const {
  if (phase_ != Phase::request) return phase_;
  if (request_.is_whole()) return Phase::response;
  return turn_ == 0 || request_.has_begun() ? Phase::request : Phase::idle;
}

bool ConnectionMachine::wants_input() const {
  const bool is_served = phase_ == Phase::request || phase_ == Phase::websocket;
  if (!is_served) return !has_client_ended_;
  return !has_client_ended_ && pending_.is_empty() && passed_.is_empty() && may_advance();
}

void ConnectionMachine::take(std::string_view bytes, Time now) {
  if (phase_ == Phase::ending || rules_.is_closed()) return;
  pending_.back() += bytes;
  advance(now);
}

bool ConnectionMachine::may_advance() const {
  if (phase_ == Phase::request && request_.is_whole()) return false;
  return turn_bytes_ < max_turn_bytes && turn_frames_ < max_turn_frames;
}

void ConnectionMachine::advance(Time now) {
  while (!pending_.is_empty() && may_advance()) {
    auto rest = pending_.view();
    const auto before = rest.size();
    if (phase_ == Phase::request)
      advance_request(rest);
    else if (phase_ == Phase::websocket)
      advance_websocket(rest, now);
    else
      rest = {};
    if (phase_ == Phase::ending) return;
    const auto count = before - rest.size();
    turn_bytes_ += count;
    pending_.take(count);
  }
}

void ConnectionMachine::advance_request(std::string_view& bytes) {
  if (auto error = request_.take(bytes, passed_.back())) return refuse(*error);
  if (!request_.has_head()) return;
  if (purpose_ == Purpose::redirect) return refuse(redirect_to_https(request_.head()));
  if (!output_.is_inside()) output_.next(request_.head().is_head_request);
}

void ConnectionMachine::advance_websocket(std::string_view& bytes, Time now) {
  if (rules_.is_closed()) {
    bytes = {};
    return;
  }
  const auto before = passed_.back().size();
  const bool begins = !rules_.is_in_payload();
  if (const auto violation = rules_.take(bytes, passed_.back(), now)) return close_websocket(*violation);
  if (begins && !rules_.is_in_header()) ++turn_frames_;
  if (is_blocked_ && (passed_while_blocked_ += passed_.back().size() - before) > max_passed_while_blocked)
    refuse({408, "The client does not read the output", RefusalReason::stalled});
}

std::size_t ConnectionMachine::give(char* to, std::size_t size, Time now) {
  if (passed_.is_empty()) advance(now);
  if (passed_.is_empty() && must_show_a_byte() && size > 0) {
    has_shown_end_ = true;
    *to = '?';
    return 1;
  }
  const auto part = passed_.view().substr(0, size);
  std::copy(part.begin(), part.end(), to);
  has_given_ = has_given_ || !part.empty();
  const auto count = part.size();
  passed_.take(count);
  return count;
}

/// libsoup 3.2 leaks a connection that ends between two requests, because no callback reports the end of a request that
/// has not begun (io_finished() in soup-server-message-io-http1.c); it frees one that ends within a request, so it gets
/// the first byte of a request before the end.
bool ConnectionMachine::must_show_a_byte() const {
  return is_at_end() && !has_given_ && !has_shown_end_ && !output_.has_switched();
}

bool ConnectionMachine::is_at_end() const {
  if (phase_ == Phase::ending) return true;
  const bool waits_for_a_response = phase_ == Phase::request && request_.is_whole();
  return has_client_ended_ && pending_.is_empty() && passed_.is_empty() && !waits_for_a_response;
}

std::size_t ConnectionMachine::sendable(std::string_view bytes) const {
  if (phase_ != Phase::ending) return bytes.size();
  return output_.is_inside() ? output_.rest_of(bytes) : 0;
}

void ConnectionMachine::on_sent(std::string_view bytes) {
  is_blocked_ = false;
  passed_while_blocked_ = 0;
  output_.follow(bytes);
  if (phase_ != Phase::request) return;
  if (output_.has_switched()) phase_ = Phase::websocket;
  if (output_.is_response_whole()) on_response_end();
}

/// A response before the end of the request refuses the rest of it (RFC 9110 §10.1.1).
void ConnectionMachine::on_response_end() {
  if (output_.closes() || !request_.is_whole()) return end();
  ++turn_;
  request_.next();
  output_.next(false);
  has_given_ = false;
}

std::string_view ConnectionMachine::own_output() const {
  return output_.is_inside() ? std::string_view() : own_.view();
}

void ConnectionMachine::refuse(const ErrorResponse& response) {
  if (phase_ == Phase::ending) return;
  reason_ = response.reason;
  if (phase_ == Phase::request && !output_.is_inside())
    own_.back() = to_http(response, request_.head().is_head_request);
  end();
}

void ConnectionMachine::close_websocket(const MessageViolation& violation) {
  reason_ = RefusalReason::messages;
  own_.back() = close_frame(violation.code, violation.words);
  end();
}

void ConnectionMachine::end() {
  phase_ = Phase::ending;
  pending_.clear();
  passed_.clear();
}

}  // namespace voicecast
