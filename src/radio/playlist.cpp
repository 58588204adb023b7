// SPDX-License-Identifier: MIT
#include "radio/playlist.hpp"

namespace voicecast {

std::string m3u(std::string_view url, std::string_view title) {
  return "#EXTM3U\n#EXTINF:-1," + std::string(title) + "\n" + std::string(url) + "\n";
}

std::string pls(std::string_view url, std::string_view title) {
  return "[playlist]\nNumberOfEntries=1\nFile1=" + std::string(url) + "\nTitle1=" + std::string(title) +
         "\nLength1=-1\nVersion=2\n";
}

}  // namespace voicecast
