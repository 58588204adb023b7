// SPDX-License-Identifier: MIT
#include "webrtc/dtls_keys.hpp"

#include <algorithm>
#include <optional>

#include "gst/compat.hpp"
#include "gst/gst.hpp"
#include "gst/transports.hpp"

namespace voicecast {
namespace {

/// dtlsenc's numbers for the negotiated profile: those of srtpenc, which have nicks.
struct SrtpNumbers {
  guint aes_128_icm, hmac_sha1_32, hmac_sha1_80;
};
std::optional<SrtpNumbers> srtp_numbers() {
  const auto encoder = GPtr<GstElement>::adopt(gst_element_factory_make("srtpenc", nullptr));
  if (!encoder) return std::nullopt;
  auto* type = G_OBJECT_GET_CLASS(encoder.get());
  const auto cipher = compat::enum_value(type, "rtp-cipher", "aes-128-icm");
  const auto short_tag = compat::enum_value(type, "rtp-auth", "hmac-sha1-32");
  const auto long_tag = compat::enum_value(type, "rtp-auth", "hmac-sha1-80");
  if (!cipher || !short_tag || !long_tag) return std::nullopt;
  return SrtpNumbers{static_cast<guint>(*cipher), static_cast<guint>(*short_tag), static_cast<guint>(*long_tag)};
}

Result<SrtpKeys> keys_of(GstElement* dtls, const char* property) {
  GstBuffer* raw = nullptr;
  guint cipher = 0, authentication = 0;
  g_object_get(dtls, property, &raw, "srtp-cipher", &cipher, "srtp-auth", &authentication, nullptr);
  const auto key = GPtr<GstBuffer>::adopt(raw);
  static const auto numbers = srtp_numbers();
  const bool is_known = numbers && cipher == numbers->aes_128_icm &&
                        (authentication == numbers->hmac_sha1_32 || authentication == numbers->hmac_sha1_80);
  SrtpKeys keys;
  std::array<guint8, std::tuple_size_v<decltype(keys.master_key)> + std::tuple_size_v<decltype(keys.master_salt)>>
      all{};
  if (!key || !is_known || gst_buffer_extract(key.get(), 0, all.data(), all.size()) != all.size())
    return Error{ErrorCode::failed, "DTLS agreed on no keys for SRTP that the fan-out knows (--egress webrtcbin may)"};
  std::copy_n(all.begin(), keys.master_key.size(), keys.master_key.begin());
  std::copy_n(all.begin() + keys.master_key.size(), keys.master_salt.size(), keys.master_salt.begin());
  keys.rtp_tag_bytes = authentication == numbers->hmac_sha1_32 ? 4 : 10;
  return keys;
}

}  // namespace

Result<SrtpKeys> sending_keys(GstElement* webrtcbin) {
  const auto encoder = find_element(webrtcbin, "dtlsenc");
  return encoder ? keys_of(encoder.get(), "encoder-key")
                 : Result<SrtpKeys>(Error{ErrorCode::failed, "webrtcbin has no DTLS encoder"});
}

Result<SrtpKeys> receiving_keys(GstElement* dtlssrtpdec) {
  const auto decoder = find_element(dtlssrtpdec, "dtlsdec");
  return decoder ? keys_of(decoder.get(), "decoder-key")
                 : Result<SrtpKeys>(Error{ErrorCode::failed, "webrtcbin has no DTLS decoder"});
}

}  // namespace voicecast
