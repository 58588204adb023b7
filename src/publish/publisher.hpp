// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/background.hpp"
#include "base/main_loop.hpp"
#include "publish/push.hpp"
#include "publish/written_files.hpp"
#include "stream/stream_registry.hpp"

namespace voicecast {

/// Pushes live streams to other servers and records them in files, by the groups [publish.NAME]. Main thread.
class Publisher : public StreamObserver {
 public:
  Publisher(StreamRegistry& registry, std::vector<PublishConfig> configs, MakeTarget make_target);
  ~Publisher() override;

  /// Replaces the groups. Unchanged groups continue; removed and changed ones finish. A new group starts with the live
  /// streams, once its predecessor of the same name has finished.
  void change(std::vector<PublishConfig> configs);
  /// Finishes all pushes; the streams may continue.
  void finish_all();
  /// Whether no push is left.
  bool is_empty() const;
  std::vector<PublisherStatus> status() const;

  void on_stream_available(const std::string& id) override;
  void on_stream_ended(const std::string& id) override;

 private:
  class Group;
  std::unique_ptr<Group> make_group(PublishConfig config);
  void retire(std::unique_ptr<Group> group);
  void begin_in_free_places();
  void keep_tidy();

  StreamRegistry& registry_;
  MakeTarget make_target_;
  WrittenFiles written_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::vector<std::unique_ptr<Group>> retiring_;  ///< removed groups that are finishing
  Timer tidying_, on_retired_;
};

}  // namespace voicecast
