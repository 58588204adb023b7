// SPDX-License-Identifier: MIT
#include "connection/server_output.hpp"

namespace voicecast {

void ServerOutput::follow_frame(std::string_view& bytes) {
  if (frames_.is_in_payload())
    frames_.take_payload(bytes);
  else
    static_cast<void>(frames_.take_header(bytes));
}

void ServerOutput::follow(std::string_view bytes) {
  if (!has_switched()) bytes.remove_prefix(response_.follow(bytes));
  while (has_switched() && !bytes.empty()) follow_frame(bytes);
}

bool ServerOutput::is_inside() const {
  return has_switched() ? frames_.is_inside() : response_.has_begun() && !is_response_whole();
}

std::size_t ServerOutput::rest_of(std::string_view bytes) const {
  auto ahead = *this;
  if (!has_switched()) return ahead.response_.follow(bytes);
  auto rest = bytes;
  while (ahead.is_inside() && !rest.empty()) ahead.follow_frame(rest);
  return bytes.size() - rest.size();
}

}  // namespace voicecast
