// SPDX-License-Identifier: MIT
#include "sdp/sdpfrag.hpp"

#include <sstream>

#include "sdp/candidate.hpp"
#include "sdp/description.hpp"
#include "sdp/ice_text.hpp"

namespace voicecast {
namespace {

Error bad(const std::string& words) { return {ErrorCode::bad_message, "the fragment " + words}; }

/// Takes the next line, without its line end.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Several m-lines may repeat the attributes of the session.
Status set_once(std::string& where, std::string_view value, bool is_good, const char* attribute) {
  if (!is_good) return bad(std::string("has a bad a=") + attribute);
  if (!where.empty() && where != value) return bad("has two ICE sessions, but all media share one transport");
  where = value;
  return success();
}

struct Reading {
  IceFragment fragment;
  std::size_t candidate_lines = 0, malformed_lines = 0;
  std::string malformed;  ///< the error of the last one
};

/// Ignores malformed candidates, as read_offer() does.
Status add_candidate(Reading& reading, std::string_view line) {
  if (++reading.candidate_lines > max_candidates)
    return bad("has more than " + std::to_string(max_candidates) + " candidates");
  auto candidate = check_candidate(line);
  if (!candidate) {
    ++reading.malformed_lines;
    reading.malformed = candidate.error().message;
  } else if (!candidate->empty()) {
    reading.fragment.ice.candidates.push_back(std::move(*candidate));
  }
  return success();
}

Status read_line(Reading& reading, std::string_view line) {
  auto& fragment = reading.fragment;
  if (line.starts_with("m=")) return success();
  if (!line.starts_with("a=")) return bad("has a line that is neither a= nor m=");
  if (line.starts_with("a=candidate:")) return add_candidate(reading, line);
  if (line == "a=end-of-candidates") fragment.is_last = true;
  if (take_prefix(line, "a=ice-ufrag:")) return set_once(fragment.ice.ufrag, line, is_ice_ufrag(line), "ice-ufrag");
  if (take_prefix(line, "a=ice-pwd:")) return set_once(fragment.ice.pwd, line, is_ice_pwd(line), "ice-pwd");
  return success();
}

}  // namespace

Result<IceFragment> read_fragment(std::string_view text) {
  if (text.empty()) return bad("is empty");
  Reading reading;
  auto& fragment = reading.fragment;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (line.empty()) continue;  // some clients end with an empty line
    if (auto status = read_line(reading, line); !status) return status.error();
  }
  if (fragment.ice.ufrag.empty() != fragment.ice.pwd.empty()) return bad("has only one of a=ice-ufrag and a=ice-pwd");
  if (reading.malformed_lines > 0 && reading.malformed_lines == reading.candidate_lines)
    return bad("has no valid candidate: " + reading.malformed);
  return std::move(fragment);
}

std::string write_fragment(const IceParameters& ice, std::string_view mid, unsigned payload_type) {
  std::ostringstream out;
  out << "a=ice-options:trickle\r\nm=audio 9 UDP/TLS/RTP/SAVPF " << payload_type << "\r\na=mid:" << mid
      << "\r\na=ice-ufrag:" << ice.ufrag << "\r\na=ice-pwd:" << ice.pwd << "\r\n";
  for (const auto& candidate : ice.candidates) out << "a=" << candidate << "\r\n";
  out << "a=end-of-candidates\r\n";
  return out.str();
}

}  // namespace voicecast
