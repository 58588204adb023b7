// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "access/grant.hpp"
#include "access/limits.hpp"
#include "access/origin.hpp"
#include "access/rate_limit.hpp"
#include "access/refusals.hpp"
#include "access/token.hpp"

typedef struct _SoupServerMessage SoupServerMessage;
typedef struct _GHashTable GHashTable;

namespace voicecast {

/// The client behind a request, and what it may do.
struct Requester {
  std::string key;            ///< of counting_key(), for limits and the log
  bool is_local = false;      ///< on this machine, without a proxy in between
  bool is_by_proxy = false;   ///< a trusted proxy, whose X-Forwarded fields apply
  bool is_forwarded = false;  ///< by any proxy, according to the request's fields
  bool has_token = false;     ///< a valid one; always false without authentication
  Grant grant;

  /// Whether the requester may administrate: by its token, or as a client on this machine.
  bool may_operate() const { return grant.may_administrate || is_local; }
  /// Whether the requester may listen to the stream of this id; "latest" requires permission for all streams.
  bool may_hear(std::string_view stream) const {
    return stream == "latest" ? grant.may_listen_to_all : grant.may_listen_to(std::string(stream));
  }
};

/// Checks each request before its route: host, origin, rate, token. Responds to those that it rejects. Main thread.
class Guard {
 public:
  /// `verifier` is empty without authentication. `limits` and `refusals` outlive the Guard.
  Guard(OriginPolicy origins, const Limits& limits, std::optional<TokenVerifier> verifier, RefusalCounts& refusals);

  /// Changes the rules for later requests.
  void change(OriginPolicy origins, std::optional<TokenVerifier> verifier);
  /// Applies changed limits.
  void on_limits_changed();

  /// The pages that may frame the response to this request; see frame_ancestors().
  std::string frame_ancestors(SoupServerMessage* request) const;
  /// Checks a request. Nothing if it was rejected with 403, 429 or (an invalid token) 401.
  std::optional<Requester> admit(SoupServerMessage* request, GHashTable* query);
  /// Whether the requester needs a token and has none; then the response is 401.
  bool lacks_token(SoupServerMessage* request, const Requester& requester) const;
  /// Rejects a request without permission: 401 without a token, 403 with one.
  void forbid(SoupServerMessage* request, const Requester& requester) const;

 private:
  bool is_page_allowed(SoupServerMessage* request);
  bool refuse_too_many(SoupServerMessage* request, const Requester& requester);
  Requester look_at(SoupServerMessage* request) const;
  bool take_token(SoupServerMessage* request, GHashTable* query, Requester& requester) const;

  OriginPolicy origins_;
  LocalNames names_;
  std::chrono::steady_clock::time_point named_at_;
  const Limits& limits_;
  std::optional<TokenVerifier> verifier_;
  RateLimit requests_;
  RefusalCounts& refusals_;
};

}  // namespace voicecast
