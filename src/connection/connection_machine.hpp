// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connection/message_rules.hpp"
#include "connection/request_reader.hpp"
#include "connection/server_output.hpp"

namespace voicecast {

/// The phase of a connection, which selects its timeout.
enum class Phase {
  request,    ///< the first request is missing, or a later one is incomplete
  response,   ///< libsoup has a complete request; its response is incomplete
  idle,       ///< the response is complete; no further request has begun
  websocket,  ///< frames, in both directions
  taken,      ///< another part of the server owns the connection and its input
  ending,     ///< input is discarded; libsoup sees the end
};

/// The protocol state of one connection: the order of input and output. libsoup gets one request at a time; further
/// input waits until the response is complete. So an error response follows the responses before it, and a WebSocket
/// begins when libsoup has accepted it, not when a request asks for it.
///
/// Works on bytes and times, without sockets. Buffers one piece of input (of the size it was given), one request head,
/// and the output of one turn. Pure.
class ConnectionMachine {
 public:
  using Time = MessageRules::Time;
  enum class Purpose {
    serve,
    redirect,  ///< HTTP on an HTTPS port: the client is redirected
  };

  ConnectionMachine(Purpose purpose, unsigned messages_per_second) : purpose_(purpose), rules_(messages_per_second) {}

  // Input from the client

  /// Whether more input is wanted now: not during a response, nor while earlier input waits.
  bool wants_input() const;
  void take(std::string_view bytes, Time now);
  /// The client has closed its sending direction; it may still read responses.
  void take_end() { has_client_ended_ = true; }
  bool has_client_ended() const { return has_client_ended_; }

  // Input to libsoup

  /// Begins a turn: an iteration of the main loop, in which a bounded amount of input is processed.
  void begin_turn() { turn_bytes_ = turn_frames_ = 0; }
  /// Moves up to `size` bytes to `to` and gives their number; 0 at the end, and while there is no input.
  std::size_t give(char* to, std::size_t size, Time now);
  /// Whether give() has bytes in the next turn without further input, or the end is reached.
  bool is_ready() const { return !passed_.is_empty() || is_at_end() || (!pending_.is_empty() && may_advance()); }
  bool is_at_end() const;
  /// Whether that end is inside a body. libsoup 3.2 takes an end between two chunks for that of the body, and waits for
  /// another request for ever.
  bool is_body_cut() const { return is_at_end() && request_.has_head() && !request_.is_whole(); }

  // Output of libsoup

  /// How many of these bytes, the next output of libsoup, may be sent; bytes under swallows() are discarded.
  std::size_t sendable(std::string_view bytes) const;
  /// Whether the output of libsoup is discarded, because the final response has been sent.
  bool swallows() const { return phase_ == Phase::ending && !output_.is_inside(); }
  void on_sent(std::string_view bytes);
  /// The socket accepts no output at the moment.
  void on_blocked() { is_blocked_ = true; }

  // Output without libsoup

  /// The error response, or the close frame of a WebSocket, once it may be sent.
  std::string_view own_output() const;
  void on_own_sent(std::size_t count) { own_.take(count); }

  /// Ends the connection with this response; without it if another response has begun. Later calls have no effect.
  void refuse(const ErrorResponse& response);
  /// Hands the connection to another part of the server.
  void be_taken() { phase_ = phase_ == Phase::ending ? phase_ : Phase::taken; }
  /// Ends the connection without a response.
  void end();

  Phase phase() const;
  /// The number of responses so far: the timeout of a phase restarts with each.
  unsigned turn() const { return turn_; }
  /// The reason of a refusal, once, for the metrics.
  std::optional<RefusalReason> take_reason() { return std::exchange(reason_, std::nullopt); }
  /// Whether all output has been sent.
  bool is_over() const { return phase_ == Phase::ending && own_.is_empty() && !output_.is_inside(); }

 private:
  /// A byte queue.
  class Buffer {
   public:
    bool is_empty() const { return at_ == bytes_.size(); }
    std::string_view view() const { return std::string_view(bytes_).substr(at_); }
    std::string& back() { return bytes_; }
    void take(std::size_t count) {
      at_ += count;
      if (is_empty()) clear();
    }
    void clear() {
      std::string().swap(bytes_);
      at_ = 0;
    }

   private:
    std::string bytes_;
    std::size_t at_ = 0;
  };

  bool may_advance() const;
  void advance(Time now);
  void advance_request(std::string_view& bytes);
  void advance_websocket(std::string_view& bytes, Time now);
  void on_response_end();
  void close_websocket(const MessageViolation& violation);
  bool must_show_a_byte() const;

  Purpose purpose_;
  Phase phase_ = Phase::request;  ///< request includes response and idle
  RequestReader request_;
  MessageRules rules_;
  ServerOutput output_;
  Buffer pending_;  ///< input, unprocessed
  Buffer passed_;   ///< input for libsoup
  Buffer own_;      ///< output without libsoup
  std::optional<RefusalReason> reason_;
  unsigned turn_ = 0;
  std::size_t turn_bytes_ = 0, turn_frames_ = 0;
  std::size_t passed_while_blocked_ = 0;
  bool has_client_ended_ = false, has_given_ = false, has_shown_end_ = false, is_blocked_ = false;
};

}  // namespace voicecast
