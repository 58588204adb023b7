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

/// What a connection is about, which its clocks go by.
enum class Phase {
  request,    ///< the first request has not come, or another one not completely
  response,   ///< libsoup has a whole request, and its response is not out
  idle,       ///< the response is out, and nothing of another request has come
  websocket,  ///< frames, in both directions
  taken,      ///< somebody else has the connection: what comes is theirs
  ending,     ///< what comes is thrown away; libsoup sees the end
};

/// All that one connection says, and whose turn it is. One request at a time goes to libsoup; what the client sends
/// behind it waits until the response is out. So everything has its place: a refusal comes behind the responses before
/// it, and a WebSocket begins when libsoup has said so, not when a request looked like it.
///
/// It sees bytes and time, no sockets; it keeps a piece of what came (as large as it was given), one request head, and
/// what one turn may pass on. Pure.
class ConnectionMachine {
 public:
  using Time = MessageRules::Time;
  enum class Purpose {
    serve,
    redirect,  ///< HTTP came where TLS belongs: the client is sent to https
  };

  ConnectionMachine(Purpose purpose, unsigned messages_per_second) : purpose_(purpose), rules_(messages_per_second) {}

  // What the client sends

  /// Whether more may come now: not while a response is written, nor while what came before waits for its turn.
  bool wants_input() const;
  void take(std::string_view bytes, Time now);
  /// The client sends no more, which does not keep it from reading responses.
  void take_end() { has_client_ended_ = true; }
  bool has_client_ended() const { return has_client_ended_; }

  // What libsoup reads

  /// A turn of the main loop begins: others had theirs, and a bounded part of what came may go on.
  void begin_turn() { turn_bytes_ = turn_frames_ = 0; }
  /// Moves up to `size` bytes to `to`; gives their number, 0 also at the end and where there is nothing now.
  std::size_t give(char* to, std::size_t size, Time now);
  /// Whether give() will have something in the next turn without more input, or the end is reached.
  bool is_ready() const { return !passed_.is_empty() || is_at_end() || (!pending_.is_empty() && may_advance()); }
  bool is_at_end() const;

  // What libsoup writes

  /// How many of these bytes, which libsoup writes next, may be sent; what swallows() is not sent at all.
  std::size_t sendable(std::string_view bytes) const;
  /// Whether libsoup's bytes go nowhere, for the connection has had its last word.
  bool swallows() const { return phase_ == Phase::ending && !output_.is_inside(); }
  void on_sent(std::string_view bytes);
  /// The client takes nothing at the moment.
  void on_blocked() { is_blocked_ = true; }

  // What is said without libsoup

  /// A refusal's response, or the close frame of a WebSocket, when it is its turn.
  std::string_view own_output() const;
  void on_own_sent(std::size_t count) { own_.take(count); }

  /// Ends the connection with this response; without one where another has begun. After the first call nothing.
  void refuse(const ErrorResponse& response);
  /// Somebody else goes on with the connection.
  void be_taken() { phase_ = phase_ == Phase::ending ? phase_ : Phase::taken; }
  /// libsoup has closed it, or nobody is to be told anything any more.
  void end();

  Phase phase() const;
  /// Counts the responses: a clock of the same phase begins anew with each.
  unsigned turn() const { return turn_; }
  /// Why it was refused, to be counted: once.
  std::optional<RefusalReason> take_reason() { return std::exchange(reason_, std::nullopt); }
  /// Whether the last byte for the client has been sent.
  bool is_over() const { return phase_ == Phase::ending && own_.is_empty() && !output_.is_inside(); }

 private:
  /// Bytes that are taken from the front.
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
  Phase phase_ = Phase::request;  ///< request stands for response and idle, too
  RequestReader request_;
  MessageRules rules_;
  ServerOutput output_;
  Buffer pending_;  ///< from the client, not looked at
  Buffer passed_;   ///< for libsoup
  Buffer own_;      ///< for the client
  std::optional<RefusalReason> reason_;
  unsigned turn_ = 0;
  std::size_t turn_bytes_ = 0, turn_frames_ = 0;
  std::size_t passed_while_blocked_ = 0;
  bool has_client_ended_ = false, has_given_ = false, has_shown_end_ = false, is_blocked_ = false;
};

}  // namespace voicecast
