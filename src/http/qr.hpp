// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

namespace voicecast {

/// A QR code of `text` as an SVG image, black on white with a quiet zone, one unit per module; nothing if the text is
/// empty or longer than 512 bytes. Pure.
std::optional<std::string> qr_svg(const std::string& text);

}  // namespace voicecast
