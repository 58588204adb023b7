// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>
#include <srtp2/srtp.h>

#include <algorithm>
#include <string>
#include <vector>

#include "rtp/srtp.hpp"

namespace voicecast {

inline std::vector<std::uint8_t> hex(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

template <std::size_t size>
std::array<std::uint8_t, size> key(const std::string& text) {
  std::array<std::uint8_t, size> bytes{};
  std::ranges::copy(hex(text), bytes.begin());
  return bytes;
}

template <std::size_t size>
std::vector<std::uint8_t> list(const std::array<std::uint8_t, size>& bytes) {
  return {bytes.begin(), bytes.end()};
}

inline SrtpKeys some_keys(std::size_t rtp_tag_bytes = 10) {
  return {key<16>("E1F97A0D3E018BE0D64FA32C06DE4139"), key<14>("0EC675AD498AFEEBB6960B3AABE6"), rtp_tag_bytes};
}

/// libsrtp can be started once.
inline bool start_libsrtp() {
  static const bool is_ready = srtp_init() == srtp_err_status_ok;
  return is_ready;
}

/// The other side, by libsrtp.
class SrtpDecoder {
 public:
  explicit SrtpDecoder(std::size_t rtp_tag_bytes = 10) : SrtpDecoder(some_keys(rtp_tag_bytes)) {}
  explicit SrtpDecoder(const SrtpKeys& keys) {
    EXPECT_TRUE(start_libsrtp());
    srtp_policy_t policy{};
    keys.rtp_tag_bytes == 4 ? srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy.rtp)
                            : srtp_crypto_policy_set_rtp_default(&policy.rtp);
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    policy.ssrc.type = ssrc_any_inbound;
    key_ = list(keys.master_key);
    key_.insert(key_.end(), keys.master_salt.begin(), keys.master_salt.end());
    policy.key = key_.data();
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  ~SrtpDecoder() { srtp_dealloc(session_); }
  SrtpDecoder(const SrtpDecoder&) = delete;

  /// The RTP in it; empty if it does not take it.
  std::vector<std::uint8_t> rtp(std::vector<std::uint8_t> packet) { return open(srtp_unprotect, std::move(packet)); }
  std::vector<std::uint8_t> rtcp(std::vector<std::uint8_t> packet) {
    return open(srtp_unprotect_rtcp, std::move(packet));
  }

 private:
  std::vector<std::uint8_t> open(srtp_err_status_t (*unprotect)(srtp_t, void*, int*),
                                 std::vector<std::uint8_t> packet) {
    int size = static_cast<int>(packet.size());
    if (unprotect(session_, packet.data(), &size) != srtp_err_status_ok) return {};
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }
  std::vector<std::uint8_t> key_;
  srtp_t session_ = nullptr;
};

/// The other side as a sender of SRTCP, by libsrtp.
class SrtcpEncoder {
 public:
  SrtcpEncoder() {
    EXPECT_TRUE(start_libsrtp());
    srtp_policy_t policy{};
    srtp_crypto_policy_set_rtp_default(&policy.rtp);
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
    policy.ssrc.type = ssrc_any_outbound;
    const auto keys = some_keys();
    key_ = list(keys.master_key);
    key_.insert(key_.end(), keys.master_salt.begin(), keys.master_salt.end());
    policy.key = key_.data();
    EXPECT_EQ(srtp_create(&session_, &policy), srtp_err_status_ok);
  }
  ~SrtcpEncoder() { srtp_dealloc(session_); }
  SrtcpEncoder(const SrtcpEncoder&) = delete;

  std::vector<std::uint8_t> protect(std::vector<std::uint8_t> compound) {
    int size = static_cast<int>(compound.size());
    compound.resize(compound.size() + SRTP_MAX_TRAILER_LEN + 4);
    EXPECT_EQ(srtp_protect_rtcp(session_, compound.data(), &size), srtp_err_status_ok);
    compound.resize(static_cast<std::size_t>(size));
    return compound;
  }

 private:
  std::vector<std::uint8_t> key_;
  srtp_t session_ = nullptr;
};

}  // namespace voicecast
