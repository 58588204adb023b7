// SPDX-License-Identifier: MIT
#include "dtls/dtls_session.hpp"

#include <openssl/ssl.h>

#include <utility>

#include "dtls/dtls_context.hpp"

namespace voicecast {

struct DtlsSession::Impl {
  std::shared_ptr<const DtlsContext> context;
  DtlsRole role;
  std::string fingerprint;
  std::function<void(Bytes)> send;
  DtlsEvents& events;
};

DtlsSession::DtlsSession(std::shared_ptr<const DtlsContext> context, DtlsRole role, std::string fingerprint,
                         std::function<void(Bytes)> send, DtlsEvents& events)
    : impl_(new Impl{std::move(context), role, std::move(fingerprint), std::move(send), events}) {}

DtlsSession::~DtlsSession() = default;

void DtlsSession::start() {}
void DtlsSession::take(Bytes) {}
void DtlsSession::close() {}

}  // namespace voicecast
