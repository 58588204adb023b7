// SPDX-License-Identifier: MIT
#include "http/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace voicecast {
namespace {

/// The longest URL in bytes: phone cameras have trouble with the codes of longer ones.
constexpr std::size_t max_text_bytes = 512;

constexpr int quiet_zone = 4;  // modules, ISO/IEC 18004 §5.3.8

}  // namespace

std::optional<std::string> qr_svg(const std::string& text) {
  if (text.empty() || text.size() > max_text_bytes) return std::nullopt;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                             &QRcode_free);
  if (!code) return std::nullopt;
  const auto size = std::to_string(code->width + 2 * quiet_zone);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size +
                    "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size +
                    "H0z\"/><path d=\"";
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if (code->data[y * code->width + x] & 1)
        svg += "M" + std::to_string(x + quiet_zone) + " " + std::to_string(y + quiet_zone) + "h1v1h-1z";
  return svg + "\"/></svg>";
}

}  // namespace voicecast
