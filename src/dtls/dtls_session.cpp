// SPDX-License-Identifier: MIT
#include "dtls/dtls_session.hpp"

#include <utility>

#include "base/thread_rule.hpp"
#include "dtls/dtls_context.hpp"
#include "dtls/dtls_handshake.hpp"

namespace voicecast {
namespace {

constexpr std::uint8_t finished_message = 20;              // RFC 5246 §7.4
constexpr std::uint8_t fatal_alert = 2, close_notify = 0;  // RFC 5246 §7.2
constexpr std::size_t alert_bytes = 2;

/// A peer repeats its Finished about five times within the time of a handshake. More have no effect, so that nobody can
/// use us to send.
constexpr unsigned max_last_flights = 16;

/// A datagram holds one or two encrypted records: a Finished, an alert. The others are ignored.
constexpr unsigned max_opened_records = 4;

}  // namespace

/// What remains after the handshake.
struct DtlsSession::Established {
  RecordOpener opener;
  std::vector<std::uint8_t> close_notify, last_flight;
  unsigned last_flights_left = max_last_flights;
};

DtlsSession::DtlsSession(std::shared_ptr<const DtlsContext> context, DtlsRole role, std::string fingerprint,
                         std::function<void(Bytes)> send, DtlsEvents& events)
    : send_(std::move(send)),
      events_(events),
      handshake_(new DtlsHandshake(std::move(context), role, std::move(fingerprint),
                                   [this](Bytes datagram) { send_(datagram); })),
      role_(role) {}

DtlsSession::~DtlsSession() { assert_main_thread(); }

void DtlsSession::start() {
  assert_main_thread();
  if (handshake_ && role_ == DtlsRole::active) continue_handshake({});
}

void DtlsSession::take(Bytes datagram) {
  assert_main_thread();
  if (datagram.empty()) return;
  if (handshake_) return continue_handshake(datagram);
  for (unsigned opened = 0; established_ && opened < max_opened_records;) {
    const auto record = next_record(datagram);
    if (!record) return;
    if (record->epoch == 0 || (record->type != DtlsRecord::alert && record->type != DtlsRecord::handshake)) continue;
    ++opened;
    const auto content = established_->opener.open(*record);
    if (!content || content->size < alert_bytes) continue;
    if (record->type == DtlsRecord::handshake && content->bytes[0] == finished_message) repeat_last_flight();
    if (record->type == DtlsRecord::alert && content->bytes[1] == close_notify) return on_close_notify();
    if (record->type == DtlsRecord::alert && content->bytes[0] == fatal_alert)
      return end({ErrorCode::failed, "the peer ended DTLS with alert " + std::to_string(content->bytes[1])});
  }
}

void DtlsSession::continue_handshake(Bytes datagram) {
  const auto is_complete = handshake_->take(datagram);
  if (!is_complete) return end(is_complete.error());
  if (!*is_complete) return schedule_repeat();
  auto outcome = handshake_->finish();
  if (!outcome) return end(outcome.error());
  repeat_timer_.reset();
  handshake_.reset();
  established_.reset(
      new Established{outcome->opener, std::move(outcome->close_notify), std::move(outcome->last_flight)});
  events_.on_dtls_connected(outcome->keys);
}

void DtlsSession::schedule_repeat() {
  const auto wait = handshake_->time_to_repeat();
  repeat_timer_.reset();
  if (!wait) return;
  repeat_timer_ = after(*wait, [this] {
    const auto status = handshake_->repeat();
    if (!status) return end(status.error());
    schedule_repeat();
  });
}

void DtlsSession::repeat_last_flight() {
  if (established_->last_flight.empty() || established_->last_flights_left == 0) return;
  --established_->last_flights_left;
  send_(established_->last_flight);
}

/// RFC 5246 §7.2.1: the answer is a close_notify.
void DtlsSession::on_close_notify() {
  send_(established_->close_notify);
  end({ErrorCode::closed, "the peer closed the DTLS session"});
}

void DtlsSession::close() {
  assert_main_thread();
  if (established_) send_(established_->close_notify);
  stop();
}

/// The event comes last: the owner may destroy the session within it.
void DtlsSession::end(const Error& reason) {
  stop();
  events_.on_dtls_ended(reason);
}

void DtlsSession::stop() {
  repeat_timer_.reset();
  handshake_.reset();
  established_.reset();
}

}  // namespace voicecast
