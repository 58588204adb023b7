// SPDX-License-Identifier: MIT
#include "stream/stream_registry.hpp"

#include <algorithm>

#include "base/thread_rule.hpp"

namespace voicecast {
namespace {

/// The number of remembered ended ids, to tell "ended" from "unknown". Clients use one within minutes of its end; at
/// 100 bytes each this is 100 kB.
constexpr std::size_t max_ended_ids = 1000;

using Streams = std::vector<std::shared_ptr<Stream>>;

Streams::iterator find_in(Streams& streams, const std::string& id) {
  return std::find_if(streams.begin(), streams.end(), [&](const auto& stream) { return stream->id() == id; });
}

std::shared_ptr<Stream> take(Streams& streams, const std::string& id) {
  const auto at = find_in(streams, id);
  if (at == streams.end()) return nullptr;
  auto stream = std::move(*at);
  streams.erase(at);
  return stream;
}

}  // namespace

Result<std::shared_ptr<Stream>> StreamRegistry::open(const std::string& id, const std::string& name,
                                                     const RemoteDescription& offer, MediaEvents& events) {
  assert_main_thread();
  auto stream = Stream::open(
      id, name, offer, config_, [this, id] { announce(id); }, events);
  if (stream) coming_.push_back(*stream);
  return stream;
}

void StreamRegistry::announce(const std::string& id) {
  assert_main_thread();
  auto stream = take(coming_, id);
  if (!stream) return;
  live_.push_back(std::move(stream));
  std::erase_if(ended_, [&](const Ended& ended) { return ended.id == id; });  // a sender may reuse its id
  ++announced_;
  // An observer that ended the stream has already notified all observers of the end.
  for (auto* observer : observers_)
    if (find(id)) observer->on_stream_available(id);
}

void StreamRegistry::close(const std::string& id) {
  assert_main_thread();
  if (take(coming_, id)) return;
  const auto stream = take(live_, id);
  if (!stream) return;
  ended_.push_back({id, stream->has_failed()});
  if (ended_.size() > max_ended_ids) ended_.pop_front();
  for (auto* observer : observers_) observer->on_stream_ended(id);
}

std::shared_ptr<Stream> StreamRegistry::find(const std::string& id) const {
  const auto at = std::find_if(live_.begin(), live_.end(), [&](const auto& stream) { return stream->id() == id; });
  return at == live_.end() ? nullptr : *at;
}

bool StreamRegistry::is_coming(const std::string& id) const {
  return std::ranges::any_of(coming_, [&](const auto& stream) { return stream->id() == id; });
}

bool StreamRegistry::has_ended(const std::string& id) const {
  return std::ranges::any_of(ended_, [&](const Ended& ended) { return ended.id == id; });
}

bool StreamRegistry::has_failed(const std::string& id) const {
  return std::ranges::any_of(ended_, [&](const Ended& ended) { return ended.id == id && ended.has_failed; });
}

}  // namespace voicecast
